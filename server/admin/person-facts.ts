/** What administrators see of people besides their account; those that are asked for together are read together. */
import { sql } from 'kysely';
import type { Context } from '../context.ts';

/** When sessions and keys were used last: rows of `account_id` and `at`. Sessions that have ended are in `account.seen_at`. */
export const LAST_USE = sql.raw(`
  select account_id, max(at) as at from (
    select account_id, seen_at as at from session union all select account_id, last_used_at from api_key
  ) used group by account_id`);

export interface PersonFacts {
  readonly lastSeenAt: Date | null;
  readonly deletionAskedAt: Date | null;
  /** What they said when they asked. */
  readonly deletionNote: string | null;
}

const UNKNOWN: PersonFacts = { lastSeenAt: null, deletionAskedAt: null, deletionNote: null };

/** For `batched`. */
export async function personFacts(
  { sql: connection }: Pick<Context, 'sql'>,
  accountIds: readonly string[],
): Promise<readonly PersonFacts[]> {
  const { rows } = await sql<{
    id: string;
    seen: string | null;
    asked: string | null;
    note: string | null;
  }>`
    select a.id, greatest(a.seen_at, u.at) as seen, d.asked_at as asked, d.note
    from account a left join (${LAST_USE}) u on u.account_id = a.id left join deletion_request d on d.account_id = a.id
    where a.id = any(${accountIds}::uuid[])`.execute(connection);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return accountIds.map((id) => {
    const row = byId.get(id);
    if (!row) return UNKNOWN;
    return {
      lastSeenAt: moment(row.seen),
      deletionAskedAt: moment(row.asked),
      deletionNote: row.note,
    };
  });
}

const moment = (text: string | null): Date | null => (text === null ? null : new Date(text));
