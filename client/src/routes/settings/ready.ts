import { Profile } from '#lib/account/profile.svelte.ts';
import { ask } from '#lib/graphql/client.ts';
import { ApiKeysDocument, SessionsDocument, UsageDocument } from '#lib/graphql/generated.ts';

/** Brings all lists of the page into the cache, so that none pushes another down when it comes; gives what it does not hold. */
export async function ready(): Promise<Profile> {
  const profile = new Profile();
  await Promise.all([
    profile.refresh(),
    ask(SessionsDocument, {}),
    ask(ApiKeysDocument, {}),
    ask(UsageDocument, {}),
  ]);
  return profile;
}
