/** A WebSocket below the protocol of GraphQL: it sends what a client never would. */
import { once } from 'node:events';
import WebSocket from 'ws';

export interface RawSocketOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocol?: string;
}

export class RawSocket {
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  readonly #socket: WebSocket;
  readonly #received: unknown[] = [];
  #waiting: (() => void)[] = [];

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => {
      this.#received.push(JSON.parse(String(data)));
      for (const wake of this.#waiting.splice(0)) wake();
    });
    // The reason of a break is told by `close` as well.
    socket.on('error', () => {});
    this.closed = new Promise((resolve) =>
      socket.on('close', (code, reason) => resolve({ code, reason: String(reason) })),
    );
  }

  static async open(url: string, options: RawSocketOptions = {}): Promise<RawSocket> {
    const { headers = {}, protocol = 'graphql-transport-ws' } = options;
    const address = `${url.replace('http', 'ws')}/graphql`;
    const socket = new WebSocket(address, protocol ? [protocol] : [], { headers });
    const raw = new RawSocket(socket);
    await once(socket, 'open');
    return raw;
  }

  /** Opens a socket and has it acknowledged. */
  static async connect(url: string, options: RawSocketOptions = {}): Promise<RawSocket> {
    const raw = await RawSocket.open(url, options);
    raw.says({ type: 'connection_init' });
    await raw.hears('connection_ack');
    return raw;
  }

  says(message: unknown): void {
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  subscribes(id: string, query: string, variables: object = {}): void {
    this.says({ id, type: 'subscribe', payload: { query, variables } });
  }

  /** Waits for the next message of a type, and for an operation if one is named; earlier others are dropped. */
  async hears(type: string, id?: string): Promise<{ readonly payload?: unknown }> {
    for (;;) {
      const messages = this.#received as { type: string; id?: string; payload?: unknown }[];
      const at = messages.findIndex((m) => m.type === type && (id === undefined || m.id === id));
      if (at >= 0) return messages.splice(at, 1)[0] ?? {};
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Takes nothing more from the server, until it `reads` again. */
  pauses(): void {
    this.#socket.pause();
  }

  reads(): void {
    this.#socket.resume();
  }

  /** Bytes that the server has not taken yet. */
  get unsent(): number {
    return this.#socket.bufferedAmount;
  }

  close(): void {
    this.#socket.terminate();
  }
}

/** The status with which the opening of a socket is refused. */
export async function refusedUpgrade(
  url: string,
  headers: Readonly<Record<string, string>>,
  path = '/graphql',
): Promise<number | undefined> {
  const address = url.replace('http', 'ws') + path;
  const socket = new WebSocket(address, ['graphql-transport-ws'], { headers });
  socket.on('error', () => {});
  const [, response] = await once(socket, 'unexpected-response');
  socket.terminate();
  return response.statusCode;
}
