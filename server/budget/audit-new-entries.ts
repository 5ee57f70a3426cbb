import { sql } from 'kysely';
import type { Sql } from '../db/orm.ts';

const ACCOUNTS_AT_ONCE = 100;
/** Of each account in one statement, which a ledger of millions that nobody has summed yet must not make too long. */
const ENTRIES_AT_ONCE = 2_000;
const TOLD_MAX = 1_000;

interface Row {
  readonly last: string;
  readonly wrong: readonly string[];
  /** There may be entries that were not summed yet, so the account could not be judged. */
  readonly isBehind: boolean;
}

/**
 * Accounts whose pool differs from the sum of its ledger or of its reservations, at most 1,000 of them. Of the ledger it
 * reads what was entered since the last time: nobody changes older entries, and the command `audit-ledger` reads all.
 * An account whose entries are not summed yet when the process closes is judged the next time.
 */
export async function auditNewEntries(
  connection: Sql,
  closing?: AbortSignal,
): Promise<readonly string[]> {
  const wrong: string[] = [];
  let after: string | null = null;
  for (;;) {
    const row: Row | null = await auditNext(connection, after);
    if (!row) return wrong.slice(0, TOLD_MAX);
    if (row.isBehind && !closing?.aborted) continue;
    wrong.push(...row.wrong);
    after = row.last;
  }
}

/** One statement, so one snapshot: what is being written meanwhile is seen whole or not at all. */
async function auditNext(connection: Sql, after: string | null): Promise<Row | null> {
  const { rows } = await sql<Row>`
    with stated as materialized (
      select a.id as account_id, coalesce(p.balance, 0) as balance, coalesce(p.held, 0) as held,
        coalesce(s.entered, 0) + coalesce(n.entered, 0) as entered, n.entry_id, n.is_behind,
        coalesce(r.amount, 0) as reserved
      from (
        select id from account where ${after}::uuid is null or id > ${after}::uuid order by id limit ${ACCOUNTS_AT_ONCE}
      ) a
        left join pool p on p.account_id = a.id
        left join ledger_sum s on s.account_id = a.id
        cross join lateral (
          select sum(amount)::bigint as entered, max(id) as entry_id, count(*) = ${ENTRIES_AT_ONCE} as is_behind
          from (
            select id, amount from ledger_entry where account_id = a.id and id > coalesce(s.entry_id, 0)
            order by id limit ${ENTRIES_AT_ONCE}
          ) e
        ) n
        left join (
          select account_id, sum(amount)::bigint as amount from (
            select account_id, amount from reservation where is_pooled
            union all select account_id, amount from pool_lease
          ) held group by 1
        ) r on r.account_id = a.id
    ), kept as (
      insert into ledger_sum (account_id, entry_id, entered)
      select account_id, entry_id, entered from stated where entry_id is not null
      on conflict (account_id) do update set entry_id = excluded.entry_id, entered = excluded.entered
    )
    select max(account_id::text) as last, bool_or(is_behind) as "isBehind",
      coalesce(array_agg(account_id::text order by account_id)
        filter (where not is_behind and (balance <> entered or held <> reserved)), '{}') as wrong
    from stated having count(*) > 0`.execute(connection);
  return rows[0] ?? null;
}
