import { sql } from 'kysely';
import type { Context } from '../context.ts';
import { signedIn } from '../context.ts';
import { fail } from '../kernel/failure.ts';

/** To be asked in the transaction that adds one. @throws Failure CONFLICT when the actor has as many as there may be */
export async function mustHaveRoom(
  tx: Pick<Context, 'sql' | 'actor'>,
  table: 'conversation_folder' | 'saved_prompt',
  { countMax, what }: { readonly countMax: number; readonly what: string },
): Promise<void> {
  const { accountId } = signedIn(tx);
  // One after the other: those that are added at once would not see each other.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${table}:${accountId}`}, 0))`.execute(
    tx.sql,
  );
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from ${sql.table(table)} where owner_id = ${accountId}`.execute(
    tx.sql,
  );
  if ((rows[0]?.count ?? 0) >= countMax)
    fail('CONFLICT', `You have ${countMax} ${what}, and there can't be more.`);
}
