import { ensurePerson } from '../account/ensure-person.ts';
import type { Context } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import { openSession } from './sessions.ts';

/**
 * Signs in without a provider, for evaluation and development; gives the session's token. In debug mode any address may
 * be named, to try several people.
 *
 * @throws Failure NOT_FOUND unless the configuration has both `app.debug` and `app.dev_user`
 */
export async function devSignIn(
  ctx: Pick<Context, 'sql' | 'config'>,
  email: string | undefined,
  browser: string | null,
): Promise<string> {
  const { debug, devUser } = ctx.config.app;
  if (!debug || !devUser) return fail('NOT_FOUND', 'There is no such page.');
  return openSession(ctx, await ensurePerson(ctx, email ?? devUser.email), browser);
}
