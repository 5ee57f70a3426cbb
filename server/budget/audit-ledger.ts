import { sql } from 'kysely';
import type { Sql } from '../db/orm.ts';

/** A pool that its ledger or its reservations don't explain; amounts are millionths of its unit. */
export interface LedgerMismatch {
  readonly accountId: string;
  readonly balance: bigint;
  /** Sum of the pool's ledger; the balance when all is well. */
  readonly entered: bigint;
  readonly held: bigint;
  /** Sum of the pool's open reservations and leases; what is held when all is well. */
  readonly reserved: bigint;
}

/** One statement, so one snapshot: what is being written meanwhile is seen whole or not at all. */
export const LEDGER_MISMATCHES = `
  with stated as (
    select account_id, coalesce(p.balance, 0) as balance, coalesce(l.sum, 0) as entered,
      coalesce(p.held, 0) as held, coalesce(r.sum, 0) as reserved
    from pool p
      full join (select account_id, sum(amount)::bigint as sum from ledger_entry group by 1) l using (account_id)
      full join (
        select account_id, sum(amount)::bigint as sum from (
          select account_id, amount from reservation where is_pooled
          union all select account_id, amount from pool_lease
        ) held group by 1
      ) r using (account_id)
  )
  select account_id as "accountId", balance, entered, held, reserved from stated
  where balance <> entered or held <> reserved order by account_id limit 1000`;

/** What must never be: pools that differ from the sum of their ledger, at most 1,000 of them. Reads the whole ledger. */
export async function ledgerMismatches(connection: Sql): Promise<readonly LedgerMismatch[]> {
  return (await sql.raw<LedgerMismatch>(LEDGER_MISMATCHES).execute(connection)).rows;
}
