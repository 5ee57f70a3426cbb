import {
  type AnyVariables,
  Client,
  type DocumentInput,
  type ExecutionResult,
  fetchExchange,
  mapExchange,
  subscriptionExchange,
} from '@urql/core';
import { cache } from './cache.ts';
import { type Failure, failureFrom } from './failure.ts';
import { socket } from './socket.ts';

const signedOutListeners = new Set<() => void>();

/** Tells when the server no longer knows who asks: the session ended. Gives the way to stop listening. */
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

export const client = new Client({
  url: '/graphql',
  preferGetMethod: false,
  exchanges: [
    mapExchange({
      onError(error) {
        if (failureFrom(error).code !== 'UNAUTHENTICATED') return;
        for (const listener of signedOutListeners) listener();
      },
    }),
    cache,
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: ({ query, variables }) => ({
        subscribe: (sink) => ({
          unsubscribe: socket.subscribe(
            { query: query ?? '', variables },
            { ...sink, next: (result) => sink.next(result as ExecutionResult) },
          ),
        }),
      }),
    }),
  ],
});

/** What came of an operation: either its data or the reason why not. */
export type Outcome<Data> =
  | { readonly data: Data; readonly failure?: undefined }
  | { readonly data?: undefined; readonly failure: Failure };

export async function change<Data, Variables extends AnyVariables>(
  document: DocumentInput<Data, Variables>,
  variables: Variables,
): Promise<Outcome<Data>> {
  const result = await client.mutation(document, variables).toPromise();
  if (result.error) return { failure: failureFrom(result.error) };
  return { data: result.data as Data };
}

/** Asks the server, never the cache. */
export async function ask<Data, Variables extends AnyVariables>(
  document: DocumentInput<Data, Variables>,
  variables: Variables,
): Promise<Outcome<Data>> {
  const result = await client
    .query(document, variables, { requestPolicy: 'network-only' })
    .toPromise();
  if (result.error) return { failure: failureFrom(result.error) };
  return { data: result.data as Data };
}
