import { type ExecutionResult, GraphQLError } from 'graphql';

type Events = AsyncGenerator<ExecutionResult, void, void>;

/**
 * The events of a subscription, with an error of their source as the last one instead of as an exception. It is not a
 * generator: `return` must reach the source at once, also while an event is awaited.
 */
export class MaskedEvents implements AsyncIterableIterator<ExecutionResult> {
  readonly #inner: Events;
  readonly #translate: (error: unknown) => GraphQLError;
  #isBroken = false;

  constructor(inner: Events, translate: (error: unknown) => GraphQLError) {
    this.#inner = inner;
    this.#translate = translate;
  }

  async next(): Promise<IteratorResult<ExecutionResult>> {
    if (this.#isBroken) return { done: true, value: undefined };
    try {
      return await this.#inner.next();
    } catch (error) {
      this.#isBroken = true;
      return { done: false, value: { errors: [this.#translate(error)] } };
    }
  }

  return(): Promise<IteratorResult<ExecutionResult>> {
    return this.#inner.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

export const maskedError = ({
  message,
  extensions,
}: {
  message: string;
  extensions?: Record<string, unknown>;
}) => new GraphQLError(message, { extensions: extensions ?? {} });
