import { sql } from 'kysely';
import type { Context } from '../context.ts';

/** What a person leaves behind, by the column that says whose it is. */
export const ERASED = [
  ['identity', 'account_id'],
  ['session', 'account_id'],
  ['api_key', 'account_id'],
  ['group_member', 'account_id'],
  ['project_member', 'person_id'],
  ['acknowledgement', 'account_id'],
  ['account_limit', 'account_id'],
  ['monthly_limit', 'account_id'],
  ['saved_prompt', 'owner_id'],
  ['conversation_folder', 'owner_id'],
  ['upload', 'account_id'],
  ['idempotency_key', 'account_id'],
  ['deletion_request', 'account_id'],
] as const;

/**
 * Takes away all that a person left, and their name, in the transaction of `tx`; what runs for them is stopped, and paid
 * for. Conversations go with the next purge, once nothing is written in them. The account's row stays for ledger and
 * usage to refer to. The caller has checked that the actor may.
 */
export async function erasePerson(
  tx: Pick<Context, 'sql' | 'live'>,
  accountId: string,
): Promise<void> {
  const { rows: running } = await sql<{ id: string }>`
    select m.id from message m join conversation c on c.id = m.conversation_id
    where c.owner_id = ${accountId} and m.status = 'streaming'`.execute(tx.sql);
  await sql`
    update conversation set hidden_at = coalesce(hidden_at, now()), purge_at = now()
    where owner_id = ${accountId}`.execute(tx.sql);
  for (const [table, column] of ERASED)
    await sql`delete from ${sql.table(table)} where ${sql.ref(column)} = ${accountId}`.execute(
      tx.sql,
    );
  await sql`
    update account set name = 'Deleted person', email = id || '@deleted.invalid', is_active = false, seen_at = null,
      deleted_at = now() where id = ${accountId}`.execute(tx.sql);
  tx.live.publish(
    ...running.map(({ id }) => ({ kind: 'stopAsked', message: id }) as const),
    { kind: 'keysChanged', account: accountId },
    { kind: 'accessChanged', account: accountId },
  );
}
