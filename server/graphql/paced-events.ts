import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { type ExecutionResult, GraphQLError } from 'graphql';

type Events = AsyncIterableIterator<ExecutionResult>;
type Result = IteratorResult<ExecutionResult, undefined>;

/** A reader that takes nothing for so long is let go; it comes back and resumes from its position. */
const PATIENCE_MS = 30_000;
const OVER: Result = { done: true, value: undefined };

/**
 * Events no faster than their reader takes them, so that none are piled up for a slow one. When the signal is aborted,
 * its reason is the last event, as an error.
 */
export class PacedEvents implements AsyncGenerator<ExecutionResult, undefined, undefined> {
  readonly #inner: Events;
  readonly #response: ServerResponse;
  readonly #revoked: AbortSignal;
  #isOver = false;

  constructor(inner: Events, response: ServerResponse, revoked: AbortSignal) {
    this.#inner = inner;
    this.#response = response;
    this.#revoked = revoked;
  }

  async next(): Promise<Result> {
    if (this.#isOver) return OVER;
    await this.#drained();
    const revocation = Promise.withResolvers<Result>();
    const revoke = () => revocation.resolve(this.#revocation());
    this.#revoked.addEventListener('abort', revoke, { once: true });
    try {
      if (this.#revoked.aborted) return this.#revocation();
      return await Promise.race([this.#inner.next(), revocation.promise]);
    } finally {
      this.#revoked.removeEventListener('abort', revoke);
    }
  }

  async return(): Promise<Result> {
    this.#isOver = true;
    await this.#inner.return?.();
    return OVER;
  }

  async throw(error: unknown): Promise<Result> {
    await this.return();
    throw error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #revocation(): Result {
    this.#isOver = true;
    void this.#inner.return?.();
    const { reason } = this.#revoked;
    const error = new GraphQLError('access was revoked', { originalError: reason as Error });
    return { done: false, value: { data: null, errors: [error] } };
  }

  async #drained(): Promise<void> {
    if (!this.#response.writableNeedDrain) return;
    const patience = setTimeout(() => this.#response.destroy(), PATIENCE_MS);
    const leaving = new AbortController();
    const either = ['drain', 'close'].map((event) => once(this.#response, event, leaving));
    await Promise.race(either);
    // Whatever did not come stops being waited for: else a slow reader gathers listeners.
    leaving.abort();
    clearTimeout(patience);
  }
}
