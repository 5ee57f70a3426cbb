/** The load generator: so many callers, each with a connection of its own, each asking again when it was answered. */
import { Client, type Dispatcher } from 'undici';
import { cpuMs } from './processes.ts';

/** Where requests go, and what they show there. */
export interface Target {
  readonly name: string;
  readonly origin: string;
  readonly pid: number;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Answered {
  /** From sending the request; null when there was none. */
  readonly firstByteMs: number | null;
  readonly firstTextMs: number | null;
  readonly totalMs: number;
}

export interface Window {
  readonly perSecond: number;
  /** Of each request, in ms. */
  readonly latencies: readonly number[];
  /** Processor time of the target's process, in µs per request. */
  readonly cpuMicros: number;
}

const PATH = '/v1/chat/completions';
const TEXT = /"content":"(?!")/;
const DONE = 'data: [DONE]\n\n';

export function connect(target: Target): Client {
  return new Client(target.origin, { pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
}

/** Sends one request and reads its answer to the end. @throws Error when the answer is not whole */
export function ask(client: Client, { headers }: Target, body: string): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const reader = new Reader(resolve, reject);
    client.dispatch(
      {
        method: 'POST',
        path: PATH,
        headers: { 'content-type': 'application/json', ...headers },
        body,
      },
      reader,
    );
  });
}

class Reader implements Dispatcher.DispatchHandler {
  readonly #resolve: (answered: Answered) => void;
  readonly #reject: (error: Error) => void;
  readonly #startedAt = performance.now();
  #firstByteMs: number | null = null;
  #firstTextMs: number | null = null;
  #isStream = false;
  #status = 0;
  #last: Buffer = Buffer.alloc(0);

  constructor(resolve: (answered: Answered) => void, reject: (error: Error) => void) {
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onRequestStart(): void {}

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.#status = status;
    this.#isStream = String(headers['content-type']).startsWith('text/event-stream');
  }

  onResponseData(_controller: Dispatcher.DispatchController, piece: Buffer): void {
    this.#firstByteMs ??= performance.now() - this.#startedAt;
    if (this.#firstTextMs === null && TEXT.test(piece.toString('latin1')))
      this.#firstTextMs = performance.now() - this.#startedAt;
    this.#last = piece;
  }

  onResponseEnd(): void {
    const isWhole = !this.#isStream || this.#last.toString().endsWith(DONE);
    if (this.#status !== 200 || !isWhole)
      this.#reject(new Error(`answered ${this.#status}: ${this.#last.toString().slice(-300)}`));
    else
      this.#resolve({
        firstByteMs: this.#firstByteMs,
        firstTextMs: this.#firstTextMs,
        totalMs: performance.now() - this.#startedAt,
      });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#reject(error);
  }
}

/** Lets so many callers ask for so long; what was answered within the time counts. */
export async function load(
  target: Target,
  body: string,
  { callers, ms }: { readonly callers: number; readonly ms: number },
): Promise<Window> {
  const clients = Array.from({ length: callers }, () => connect(target));
  // Connecting is not measured: a gateway's callers keep their connections.
  await Promise.all(clients.map((client) => ask(client, target, body)));
  const latencies: number[] = [];
  const cpuBefore = cpuMs(target.pid);
  const until = performance.now() + ms;
  const callInTurn = async (client: Client) => {
    while (performance.now() < until) {
      const { totalMs } = await ask(client, target, body);
      if (performance.now() <= until) latencies.push(totalMs);
    }
  };
  await Promise.all(clients.map(callInTurn));
  const cpuMicros = ((cpuMs(target.pid) - cpuBefore) * 1000) / latencies.length;
  await Promise.all(clients.map((client) => client.close()));
  return { perSecond: (latencies.length * 1000) / ms, latencies, cpuMicros };
}
