import type { WebSocket } from 'ws';

/** Many people may share an address, and all of them come back at once when a server was restarted. */
const WAITING_EACH_MAX = 100;
const WAITING_MAX = 2_000;
/** A thousand that come together are let in one after the other. */
const GRACE_MS = 1_000;

interface Waiting {
  readonly address: string;
  readonly since: number;
}

/**
 * Sockets that have not begun the protocol, and so have not said who they are. Of too many the oldest are ended: whoever
 * means to begin does so at once, and is not kept out by those who never will.
 */
export class WaitingSockets {
  /** The oldest first. */
  readonly #all = new Map<WebSocket, Waiting>();
  readonly #byAddress = new Map<string, Set<WebSocket>>();

  add(socket: WebSocket, address: string): void {
    const own = this.#byAddress.get(address) ?? new Set();
    this.#byAddress.set(address, own.add(socket));
    this.#all.set(socket, { address, since: performance.now() });
    socket.once('close', () => this.remove(socket));
    if (own.size > WAITING_EACH_MAX) this.#endFirst(own, GRACE_MS);
    if (this.#all.size > WAITING_MAX) this.#endFirst(this.#all.keys(), 0);
  }

  /** It has begun, and may stay. */
  remove(socket: WebSocket): void {
    const waiting = this.#all.get(socket);
    if (!waiting) return;
    this.#all.delete(socket);
    const own = this.#byAddress.get(waiting.address);
    own?.delete(socket);
    if (own?.size === 0) this.#byAddress.delete(waiting.address);
  }

  /** It gets no time to say goodbye, since it would hold its place for as long. */
  #endFirst([oldest]: Iterable<WebSocket>, graceMs: number): void {
    const waiting = oldest && this.#all.get(oldest);
    if (!waiting || performance.now() - waiting.since < graceMs) return;
    this.remove(oldest);
    oldest.terminate();
  }
}
