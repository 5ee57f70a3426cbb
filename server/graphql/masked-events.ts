import { type ExecutionResult, GraphQLError } from 'graphql';

type Events = AsyncGenerator<ExecutionResult, void, void>;

/**
 * The events of a subscription, with an error of their source as the last one instead of as an exception. It is not a
 * generator: `return` must reach the source at once, also while an event is awaited.
 */
export class MaskedEvents implements AsyncIterableIterator<ExecutionResult> {
  readonly #inner: Events;
  #isBroken = false;

  constructor(inner: Events) {
    this.#inner = inner;
  }

  async next(): Promise<IteratorResult<ExecutionResult>> {
    if (this.#isBroken) return { done: true, value: undefined };
    try {
      return await this.#inner.next();
    } catch (error) {
      this.#isBroken = true;
      return { done: false, value: { errors: [asGraphQLError(error)] } };
    }
  }

  return(): Promise<IteratorResult<ExecutionResult>> {
    return this.#inner.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** Not yet fit for the client: as the errors of any other result, it is translated when it is sent. */
const asGraphQLError = (error: unknown): GraphQLError =>
  error instanceof GraphQLError
    ? error
    : new GraphQLError('an event broke', { originalError: error as Error });
