import { sql } from 'kysely';
import { ensurePerson } from '../account/ensure-person.ts';
import type { Context } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import { openSession } from './sessions.ts';

/**
 * Signs in without a provider, for evaluation and development; gives the session's token. In debug mode any address may
 * be named, to try several people.
 *
 * @throws Failure NOT_FOUND unless the configuration has both `app.debug` and `app.dev_user`, FORBIDDEN when the account
 *   is disabled
 */
export async function devSignIn(
  ctx: Pick<Context, 'sql' | 'config' | 'log'>,
  email: string | undefined,
  browser: string | null,
): Promise<string> {
  const { debug, devUser } = ctx.config.app;
  if (!debug || !devUser) return fail('NOT_FOUND', 'There is no such page.');
  const id = await ensurePerson(ctx, email ?? devUser.email);
  const { rows } = await sql`select from account where id = ${id} and is_active`.execute(ctx.sql);
  if (rows.length === 0)
    fail('FORBIDDEN', 'This account is disabled. Ask an administrator.', {
      reason: 'account_disabled',
    });
  return openSession(ctx, id, browser);
}
