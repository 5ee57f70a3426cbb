import {
  type AnyVariables,
  Client,
  type DocumentInput,
  type ExecutionResult,
  fetchExchange,
  mapExchange,
  subscriptionExchange,
} from '@urql/core';
import { byName } from './by-name.ts';
import { cache } from './cache.ts';
import { failureFrom } from './failure.ts';
import type { Outcome } from './outcome.ts';
import { tellSignedOut } from './signed-out.ts';
import { subscribe } from './socket.ts';

export const client = new Client({
  url: '/graphql',
  preferGetMethod: false,
  exchanges: [
    mapExchange({
      onError(error) {
        if (failureFrom(error).code === 'UNAUTHENTICATED') tellSignedOut();
      },
    }),
    cache,
    byName,
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: ({ query, variables }) => ({
        subscribe: (sink) => ({
          unsubscribe: subscribe(
            { query: query ?? '', variables: { ...variables } },
            { ...sink, next: (result) => sink.next(result as ExecutionResult) },
          ),
        }),
      }),
    }),
  ],
});

/** @param key what is sent again with the same key is done once, and answered as it was the first time */
export async function change<Data, Variables extends AnyVariables>(
  document: DocumentInput<Data, Variables>,
  variables: Variables,
  key?: string,
): Promise<Outcome<Data>> {
  const keyed = key === undefined ? {} : { fetchOptions: { headers: { 'idempotency-key': key } } };
  const result = await client.mutation(document, variables, keyed).toPromise();
  if (result.error) return { failure: failureFrom(result.error) };
  return { data: result.data as Data };
}

/**
 * Asks the server, never the cache.
 *
 * @param fetch what the request is sent with
 */
export async function ask<Data, Variables extends AnyVariables>(
  document: DocumentInput<Data, Variables>,
  variables: Variables,
  fetch?: typeof globalThis.fetch,
): Promise<Outcome<Data>> {
  const result = await client
    .query(document, variables, { requestPolicy: 'network-only', ...(fetch && { fetch }) })
    .toPromise();
  if (result.error) return { failure: failureFrom(result.error) };
  return { data: result.data as Data };
}
