import type { AnyVariables, DocumentInput, RequestPolicy } from '@urql/core';
import { client } from './client.ts';
import { type Failure, failureFrom } from './failure.ts';

/** A query whose answer stays current: what the cache holds at once, then whatever changes it. */
export class Watched<Data, Variables extends AnyVariables> {
  data = $state.raw<Data>();
  failure = $state.raw<Failure>();
  readonly #document: DocumentInput<Data, Variables>;
  readonly #variables: Variables;

  constructor(document: DocumentInput<Data, Variables>, variables: Variables) {
    this.#document = document;
    this.#variables = variables;
  }

  /** Begins to watch; gives the way to end it, as an `$effect` wants it. */
  watch(requestPolicy: RequestPolicy = 'cache-and-network'): () => void {
    const { unsubscribe } = client
      .query(this.#document, this.#variables, { requestPolicy })
      .subscribe((result) => {
        if (result.data) this.data = result.data;
        this.failure = result.error ? failureFrom(result.error) : undefined;
      });
    return unsubscribe;
  }

  /** Asks the server again; the answer reaches `data` through the cache while this is being watched. */
  async refresh(): Promise<void> {
    const result = await client
      .query(this.#document, this.#variables, { requestPolicy: 'network-only' })
      .toPromise();
    this.failure = result.error ? failureFrom(result.error) : undefined;
  }
}
