import { ask } from '#lib/graphql/client.ts';
import { ApiKeysDocument, SessionsDocument, UsageDocument } from '#lib/graphql/generated.ts';

/** Brings all lists of the page into the cache, so that none pushes another down when it comes. */
export const ready = () =>
  Promise.all([ask(SessionsDocument, {}), ask(ApiKeysDocument, {}), ask(UsageDocument, {})]);
