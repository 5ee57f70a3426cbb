// Asks the server each time, past the cache. For lists that are pages of a table, and for what is another's: the model
// that a project may use has the same name as the viewer's own, and must not take its place in the cache.
import { type AnyVariables, Client, type DocumentInput, fetchExchange } from '@urql/core';
import { byName } from './by-name.ts';
import { type Failure, failureFrom } from './failure.ts';
import type { Outcome } from './outcome.ts';
import { tellSignedOut } from './signed-out.ts';

const direct = new Client({
  url: '/graphql',
  preferGetMethod: false,
  exchanges: [byName, fetchExchange],
});

function told(failure: Failure): { failure: Failure } {
  if (failure.code === 'UNAUTHENTICATED') tellSignedOut();
  return { failure };
}

export async function askDirectly<Data, Variables extends AnyVariables>(
  document: DocumentInput<Data, Variables>,
  variables: Variables,
): Promise<Outcome<Data>> {
  const result = await direct.query(document, variables).toPromise();
  if (result.error) return told(failureFrom(result.error));
  return { data: result.data as Data };
}

export async function changeDirectly<Data, Variables extends AnyVariables>(
  document: DocumentInput<Data, Variables>,
  variables: Variables,
): Promise<Outcome<Data>> {
  const result = await direct.mutation(document, variables).toPromise();
  if (result.error) return told(failureFrom(result.error));
  return { data: result.data as Data };
}
