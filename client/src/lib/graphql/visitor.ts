// What the sign-in page needs: no cache, no socket, and nothing of urql.
import { failureFrom } from './failure.ts';
import type { Outcome } from './outcome.ts';

/**
 * Asks before it is known who asks.
 *
 * @param text of operations without variables, of which the named one is meant
 */
export async function askAsVisitor<Data>(
  text: string,
  operationName: string,
): Promise<Outcome<Data>> {
  let response: Response | undefined;
  try {
    response = await fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: text, operationName }),
    });
    const { data, errors } = await response.json();
    if (data && !errors) return { data };
    return { failure: failureFrom({ graphQLErrors: errors ?? [], response }) };
  } catch {
    return { failure: failureFrom({ graphQLErrors: [], response }) };
  }
}
