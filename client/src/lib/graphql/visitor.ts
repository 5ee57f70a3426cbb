// What the sign-in page needs: no cache, no socket, and so half the weight of client.ts.
import { type AnyVariables, Client, type DocumentInput, fetchExchange } from '@urql/core';
import { failureFrom } from './failure.ts';
import type { Outcome } from './outcome.ts';

const visitor = new Client({
  url: '/graphql',
  preferGetMethod: false,
  exchanges: [fetchExchange],
});

/** Asks before it is known who asks. */
export async function askAsVisitor<Data, Variables extends AnyVariables>(
  document: DocumentInput<Data, Variables>,
  variables: Variables,
): Promise<Outcome<Data>> {
  const result = await visitor.query(document, variables).toPromise();
  if (result.error) return { failure: failureFrom(result.error) };
  return { data: result.data as Data };
}
