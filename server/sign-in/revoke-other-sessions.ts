import { sql } from 'kysely';
import type { Context } from '../context.ts';
import { signedIn } from '../context.ts';

/** Ends all of the actor's sessions but the one that asks; gives their ids. */
export async function revokeOtherSessions(
  ctx: Pick<Context, 'sql' | 'actor' | 'live'>,
): Promise<readonly string[]> {
  const { accountId: account, session } = signedIn(ctx);
  const { rows } = await sql<{ id: string }>`
    delete from session where account_id = ${account} and token_hash is distinct from ${session}::bytea
    returning id`.execute(ctx.sql);
  ctx.live.publish({ kind: 'accessChanged', account });
  return rows.map(({ id }) => id);
}
