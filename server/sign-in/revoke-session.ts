import { sql } from 'kysely';
import type { Context } from '../context.ts';
import { signedIn } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import { asId } from '../kernel/id.ts';

type Unit = Pick<Context, 'sql' | 'actor' | 'live'>;

/** Ends one of the actor's sessions, everywhere and at once; gives its id. @throws Failure NOT_FOUND */
export async function revokeSession(ctx: Unit, id: string): Promise<string> {
  const { accountId: account } = signedIn(ctx);
  const { rows } = await sql<{ id: string }>`
    delete from session where id = ${asId(id, 'session')} and account_id = ${account} returning id`.execute(
    ctx.sql,
  );
  ctx.live.publish({ kind: 'accessChanged', account });
  return rows[0]?.id ?? fail('NOT_FOUND', 'No such session.');
}
