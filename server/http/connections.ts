/** What a server is answering, so that its end tears off nothing that somebody waits for. */
import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { Bag } from '../kernel/bag.ts';
import { waitAtMost } from '../kernel/closing.ts';

/** Its streams have no end of their own, and those who watch an answer are told when the answer ends. */
const ENDLESS = '/graphql/stream';

export class Connections {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  readonly #answering = new Bag<ServerResponse>();

  constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket: Socket) => {
      this.#open.add(socket);
      socket.once('close', () => this.#open.delete(socket));
    });
    // Sockets say goodbye by their own protocol.
    server.on('upgrade', (_request, socket: Socket) => this.#open.delete(socket));
    server.on('request', (_request, response: ServerResponse) => {
      response.once('close', this.#answering.add(response));
    });
  }

  /** Takes no new connection, closes those on which nothing is asked, and gives answers so long to reach their readers. */
  async drain(patienceMs: number): Promise<void> {
    // The server's own `close` also destroys connections whose answer is written, but not read yet.
    NetServer.prototype.close.call(this.#server);
    const answering = this.#answering.items();
    const busy = new Set(answering.map(({ req }) => req.socket));
    for (const socket of this.#open) if (!busy.has(socket)) socket.destroy();
    // Where it is not too late to say so: the connection ends with its answer.
    for (const response of answering) response.shouldKeepAlive = false;
    const awaited = answering.filter(({ req }) => !req.url?.startsWith(ENDLESS));
    await waitAtMost(patienceMs, Promise.all(awaited.map(closed)));
  }

  /** Breaks off whatever is left. */
  end(): void {
    for (const socket of this.#open) socket.destroy();
  }
}

const closed = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => response.once('close', resolve));
