// What the sign-in page needs: no cache, no socket, and nothing of urql.
import type { CombinedError } from '@urql/core';
import { loadTexts } from '../../locales/texts.loader.ts';
import { type Failure, failureFrom } from './failure.ts';
import type { Outcome } from './outcome.ts';
import { post } from './post.ts';

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
    response = await post({ query: text, operationName });
    const { data, errors } = await response.json();
    if (data && !errors) return { data };
    return await failed(errors ?? [], response);
  } catch {
    return failed([], response);
  }
}

/** Who asks early may hear of a failure before there are words for it. */
async function failed(
  graphQLErrors: CombinedError['graphQLErrors'],
  response: Response | undefined,
): Promise<{ failure: Failure }> {
  await loadTexts('start');
  return { failure: failureFrom({ graphQLErrors, response }) };
}
