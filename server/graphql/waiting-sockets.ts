import type { WebSocket } from 'ws';

/** Many people may share an address, and all of them come back at once when a server was restarted. */
const WAITING_EACH_MAX = 100;
const WAITING_MAX = 1_000;

/**
 * Sockets that have not begun the protocol, and so have not said who they are. Of too many the oldest are ended: whoever
 * means to begin does so at once, and is not kept out by those who never will.
 */
export class WaitingSockets {
  /** With the addresses that they came from; the oldest first. */
  readonly #addresses = new Map<WebSocket, string>();
  readonly #byAddress = new Map<string, Set<WebSocket>>();

  add(socket: WebSocket, address: string): void {
    const own = this.#byAddress.get(address) ?? new Set();
    this.#byAddress.set(address, own.add(socket));
    this.#addresses.set(socket, address);
    socket.once('close', () => this.remove(socket));
    if (own.size > WAITING_EACH_MAX) this.#endFirst(own);
    if (this.#addresses.size > WAITING_MAX) this.#endFirst(this.#addresses.keys());
  }

  /** It has begun, and may stay. */
  remove(socket: WebSocket): void {
    const address = this.#addresses.get(socket);
    if (address === undefined) return;
    this.#addresses.delete(socket);
    const own = this.#byAddress.get(address);
    own?.delete(socket);
    if (own?.size === 0) this.#byAddress.delete(address);
  }

  /** It gets no time to say goodbye, since it would hold its place for as long. */
  #endFirst([oldest]: Iterable<WebSocket>): void {
    if (!oldest) return;
    this.remove(oldest);
    oldest.terminate();
  }
}
