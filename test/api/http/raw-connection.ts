// One connection of HTTP/1.1 that a test speaks on byte by byte.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export class RawConnection {
  readonly closed: Promise<unknown>;
  readonly #socket: Socket;
  #text = '';
  #waiting: (() => void)[] = [];

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('data', (piece: Buffer) => {
      this.#text += piece.toString('latin1');
      this.#wakes();
    });
    this.closed = new Promise((resolve) => socket.on('close', resolve));
    void this.closed.then(() => this.#wakes());
  }

  static async open({ url }: { readonly url: string }): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  /** The head of a request; its body, if it has one, is still to be said. */
  asks(line: string, headers: Readonly<Record<string, string | number>>): void {
    const all = Object.entries({ host: 'lumen', ...headers });
    this.says(`${line} HTTP/1.1\r\n${all.map(([n, value]) => `${n}: ${value}\r\n`).join('')}\r\n`);
  }

  says(text: string): void {
    this.#socket.write(text);
  }

  /** Reads nothing until `resumes`. */
  pauses(): void {
    this.#socket.pause();
  }

  resumes(): void {
    this.#socket.resume();
  }

  get heard(): string {
    return this.#text;
  }

  /** Waits for this text, and forgets what came up to it. */
  async hears(text: string): Promise<void> {
    for (;;) {
      const at = this.#text.indexOf(text);
      if (at >= 0) {
        this.#text = this.#text.slice(at + text.length);
        return;
      }
      if (this.#socket.closed) throw new Error(`closed before "${text}", after: ${this.#text}`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #wakes(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
