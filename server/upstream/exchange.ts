/** One request to a model server and its answer: time-outs, abort, limits, and what a bad head means. */
import type { Dispatcher } from 'undici';
import type { EndpointConfig, UpstreamTimeouts } from '../config/config.ts';
import type { Deadline, Deadlines } from './deadlines.ts';
import { statusFailure } from './status-failure.ts';
import { upstreamFailure } from './upstream-failure.ts';

const ANSWER_BYTES_MAX = 32 * 1024 * 1024;
const REFUSAL_BYTES_MAX = 64 * 1024;
/** How long a server may take to end a response whose answer is complete before its connection is given up. */
const LEAVE_MS = 1000;
const CLOSED = new Error('Lumen closed the connection');

type Headers = Record<string, string | string[] | undefined>;

/** Takes a good answer's body. Exactly one of `ended` and `failed` is called, last, unless the receiver leaves. */
export interface Receiver {
  /** The head was that of an answer; pieces follow. */
  opened(exchange: Exchange): void;
  piece(bytes: Buffer): void;
  ended(): void;
  failed(reason: unknown): void;
}

export interface Demand {
  readonly endpoint: EndpointConfig;
  readonly timeouts: UpstreamTimeouts;
  readonly signal: AbortSignal;
  /** What an answer must be; anything is welcome but a web page, which no model has written. */
  readonly mediaType: 'text/event-stream' | 'application/json' | '*/*';
}

export class Exchange implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | null = null;
  private readonly deadline: Deadline;
  private isClosed = false;
  private bytes = 0;
  private status = 0;
  private type = '';
  private retryAfter: string | undefined;
  private refusal: Buffer[] | null = null;

  constructor(
    private readonly demand: Demand,
    private readonly receiver: Receiver,
    deadlines: Deadlines,
  ) {
    demand.signal.addEventListener('abort', this.onAbort, { once: true });
    this.deadline = deadlines.open(this.onTimeout);
    this.deadline.allow(demand.timeouts.connectTimeoutMs);
  }

  /** The media type of the answer, with its parameters; empty when it states none. */
  get contentType(): string {
    return this.type;
  }

  /** Holds the server back until `resume`; its idle time does not count meanwhile. */
  pause(): void {
    this.controller?.pause();
  }

  /** Must not be called from inside `Receiver.piece`: it may bring the next piece before it returns. */
  resume(): void {
    this.deadline.again();
    this.controller?.resume();
  }

  /** Destroys the connection, and tells the receiver nothing more. */
  close(): void {
    if (this.isClosed) return;
    this.release();
    this.giveUp();
  }

  /** The receiver has all that it wants: the connection may end the response in its own time and be used again. */
  leave(): void {
    if (this.isClosed) return;
    this.release();
    this.deadline.allow(LEAVE_MS);
  }

  fail(reason: unknown): void {
    if (this.isClosed) return;
    this.close();
    this.receiver.failed(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.isClosed) controller.abort(CLOSED);
    else this.deadline.allow(this.demand.timeouts.firstByteTimeoutMs);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Headers,
  ): void {
    if (status < 200 || this.isClosed) return;
    this.status = status;
    this.type = headers['content-type']?.toString() ?? '';
    const isEncoded = (headers['content-encoding'] ?? 'identity') !== 'identity';
    if (status >= 300) this.beRefused(headers, isEncoded);
    else if (isEncoded || !isOfType(this.type, this.demand.mediaType)) this.fail(stranger(headers));
    else this.receiver.opened(this);
  }

  onResponseData(_controller: Dispatcher.DispatchController, bytes: Buffer): void {
    if (this.isClosed) return;
    if (this.bytes === 0) this.deadline.allow(this.demand.timeouts.idleTimeoutMs);
    else this.deadline.again();
    this.bytes += bytes.length;
    if (this.refusal) this.readRefusal(this.refusal, bytes);
    else if (this.bytes <= ANSWER_BYTES_MAX) this.receiver.piece(bytes);
    else this.fail(upstreamFailure('not_an_answer', new Error('the answer exceeds 32 MB')));
  }

  onResponseEnd(): void {
    this.deadline.close();
    if (this.isClosed) return;
    this.release();
    if (this.refusal) this.receiver.failed(this.refused(textOf(this.refusal)));
    else this.receiver.ended();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.deadline.close();
    if (this.refusal) this.fail(this.refused(textOf(this.refusal)));
    else if (!this.controller) this.fail(upstreamFailure('unreachable', error));
    else if (this.status === 0 && isOfParser(error))
      this.fail(upstreamFailure('not_an_answer', error));
    else this.fail(upstreamFailure('broke_off', error));
  }

  /** The reason stands in the body, which is not read when it would have to be decompressed. */
  private beRefused(headers: Headers, isEncoded: boolean): void {
    this.retryAfter = headers['retry-after']?.toString();
    this.refusal = [];
    if (isEncoded) this.fail(this.refused(''));
  }

  private readRefusal(read: Buffer[], bytes: Buffer): void {
    if (this.bytes <= REFUSAL_BYTES_MAX) read.push(bytes);
    else this.fail(this.refused(textOf(read)));
  }

  private refused(body: string): unknown {
    return statusFailure(this.demand.endpoint, this.status, this.retryAfter, body);
  }

  private giveUp(): void {
    this.deadline.close();
    this.controller?.abort(CLOSED);
  }

  private release(): void {
    this.isClosed = true;
    this.demand.signal.removeEventListener('abort', this.onAbort);
  }

  private readonly onTimeout = (): void => {
    if (this.isClosed) this.giveUp();
    else if (this.controller?.paused) this.deadline.again();
    else
      this.fail(
        upstreamFailure(this.controller ? 'too_slow' : 'unreachable', new Error('time-out')),
      );
  };

  private readonly onAbort = (): void => {
    this.fail(this.demand.signal.reason);
  };
}

function isOfType(type: string, wanted: Demand['mediaType']): boolean {
  const known = type.toLowerCase();
  return wanted === '*/*'
    ? !/^(text\/html|application\/xhtml)/.test(known)
    : known.startsWith(wanted);
}

function stranger(headers: Headers): Error {
  const type = `${headers['content-type']} ${headers['content-encoding'] ?? ''}`;
  return upstreamFailure('not_an_answer', new Error(`content type ${type.slice(0, 200)}`));
}

function textOf(pieces: readonly Buffer[]): string {
  return Buffer.concat(pieces).toString('utf8');
}

/** What the parser stumbles over before there is a head was no HTTP; later it is the break that it meets. */
function isOfParser(error: Error): boolean {
  return error.name === 'HTTPParserError' || error.name === 'HeadersOverflowError';
}
