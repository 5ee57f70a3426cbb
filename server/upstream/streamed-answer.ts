/** A streamed answer as it is read: parsed in the same turn as its bytes arrive, handed on in batches. */
import type { Delta } from './delta.ts';
import { EventStreamParser } from './event-stream.ts';
import type { Exchange, Receiver } from './exchange.ts';
import { DeltaReader } from './read-delta.ts';
import { upstreamFailure } from './upstream-failure.ts';

/** Text that may lie unread before the model server is held back, in UTF-16 units. */
const UNREAD_LENGTH_MAX = 64 * 1024;

type Batch = IteratorResult<readonly Delta[], undefined>;

interface Reader {
  resolve(batch: Batch): void;
  reject(reason: unknown): void;
}

export class StreamedAnswer implements Receiver, AsyncIterableIterator<readonly Delta[]> {
  private readonly parser = new EventStreamParser((data, name) => this.receive(data, name));
  private readonly deltas = new DeltaReader();
  private exchange: Exchange | null = null;
  private unread: Delta[] = [];
  private unreadLength = 0;
  private reader: Reader | null = null;
  private isComplete = false;
  private hasFinishReason = false;
  private failure: { readonly reason: unknown } | null = null;

  constructor(
    private readonly signal: AbortSignal,
    private readonly onOpened: (answer: StreamedAnswer) => void,
    private readonly onRefused: (reason: unknown) => void,
  ) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Batch> {
    if (this.unread.length > 0) return Promise.resolve(this.takeUnread());
    if (this.failure) return Promise.reject(this.takeFailure(this.failure.reason));
    if (this.isComplete) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => {
      this.reader = { resolve, reject };
    });
  }

  return(): Promise<Batch> {
    this.isComplete = true;
    this.unread = [];
    this.failure = null;
    this.exchange?.close();
    this.answerReader();
    return Promise.resolve({ done: true, value: undefined });
  }

  opened(exchange: Exchange): void {
    this.exchange = exchange;
    this.onOpened(this);
  }

  /** The reader is answered in a microtask, so that all that one read of the socket brought makes one batch. */
  piece(bytes: Buffer): void {
    const wasEmpty = this.unread.length === 0;
    try {
      this.parser.feed(bytes);
    } catch (reason) {
      this.exchange?.fail(reason);
    }
    if (wasEmpty && this.reader) queueMicrotask(this.answerReader);
    if (this.unreadLength > UNREAD_LENGTH_MAX) this.exchange?.pause();
  }

  /** An end is a failure unless the events told of it before: `failed` passes over it then. */
  ended(): void {
    try {
      this.parser.end();
    } catch (reason) {
      this.failed(upstreamFailure('broke_off', reason));
      return;
    }
    this.failed(upstreamFailure('broke_off', new Error('no finish reason, no [DONE]')));
  }

  /** What was received before a failure is still handed on; an abort discards it. */
  failed(reason: unknown): void {
    if (!this.exchange) {
      this.onRefused(reason);
      return;
    }
    if (this.signal.aborted) this.discardUnread();
    else if (this.hasFinishReason) this.isComplete = true;
    if (!this.isComplete) this.failure = { reason };
    queueMicrotask(this.answerReader);
  }

  private receive(data: string, name: string): void {
    if (this.isComplete) return;
    if (data === '[DONE]') {
      this.isComplete = true;
      this.exchange?.leave();
      queueMicrotask(this.answerReader);
      return;
    }
    const delta = this.deltas.read(data, name);
    if (delta.finishReason !== null) this.hasFinishReason = true;
    this.unread.push(delta);
    this.unreadLength += data.length;
  }

  private readonly answerReader = (): void => {
    const { reader, failure } = this;
    if (!reader) return;
    if (this.unread.length > 0) {
      this.reader = null;
      reader.resolve(this.takeUnread());
    } else if (failure) {
      this.reader = null;
      reader.reject(this.takeFailure(failure.reason));
    } else if (this.isComplete) {
      this.reader = null;
      reader.resolve({ done: true, value: undefined });
    }
  };

  private takeUnread(): Batch {
    const value = this.unread;
    const wasFull = this.unreadLength > UNREAD_LENGTH_MAX;
    this.discardUnread();
    if (wasFull) this.exchange?.resume();
    return { done: false, value };
  }

  private takeFailure(reason: unknown): unknown {
    this.failure = null;
    this.isComplete = true;
    return reason;
  }

  private discardUnread(): void {
    this.unread = [];
    this.unreadLength = 0;
  }
}
