import { sql } from 'kysely';
import type { PoolPolicy } from '../config/config.ts';
import type { Sql } from '../db/orm.ts';
import type { Coins } from '../kernel/coins.ts';
import { isLimited } from './pool.ts';
import { LockedPools, microseconds } from './pool-rows.ts';

/** The end of a reservation: what the request cost, in millionths of the pool's unit. */
export interface Settlement {
  readonly requestId: string;
  readonly accountId: string;
  readonly policy: PoolPolicy | null;
  readonly charge: Coins;
}

/**
 * The beginning of a statement: closes reservations and pays for them; the requests that were closed are in its CTE
 * `closed`. A reservation that another process has closed already is left alone, so each request pays exactly once.
 *
 * @param isRefilled refills are credited up to now. Otherwise a pool with a refill due is left alone with its
 *   reservations: first it is to be refilled, since what would have been lost above `max` must not be credited later.
 */
export function closing(settlements: readonly Settlement[], isRefilled: boolean) {
  const limits = settlements.map(({ policy }) => (policy && isLimited(policy) ? policy : null));
  const sinceRefill = sql`(${microseconds('clock_timestamp()')} - ${microseconds('refilled_at')})`;
  return sql`
    ended as (
      select * from unnest(${settlements.map((s) => s.requestId)}::uuid[], ${settlements.map((s) => s.charge)}::bigint[],
        ${limits.map((l) => l?.max ?? null)}::bigint[], ${limits.map((l) => l?.refreshPerHour ?? null)}::bigint[])
      as t (request_id, charge, max, refresh)
    ), billed as (
      select account_id, max(e.max) as max, max(refresh) as refresh
      from reservation join ended e using (request_id) where is_pooled group by 1
    ), payable as (
      select p.account_id, b.max from pool p join billed b using (account_id)
      where ${isRefilled} or b.max is null or p.balance >= b.max or (${sinceRefill} < ${MINUTE_MICROSECONDS}
        and p.balance + b.refresh::numeric * ${sinceRefill} / ${HOUR_MICROSECONDS} < b.max)
      order by p.account_id for update of p
    ), closed as (
      delete from reservation r using ended e where r.request_id = e.request_id
        and (${isRefilled} or not r.is_pooled or r.account_id in (select account_id from payable))
      returning r.request_id, r.account_id, r.is_pooled, r.amount, e.charge
    ), paid as (
      update pool p set balance = p.balance - c.charge, held = greatest(p.held - c.amount, 0),
        refilled_at = case when p.balance >= c.max then clock_timestamp() else p.refilled_at end
      from (select account_id, max, sum(charge)::bigint as charge, sum(amount)::bigint as amount
        from closed join payable using (account_id) where is_pooled group by 1, 2) c
      where p.account_id = c.account_id
    ), entered as (
      insert into ledger_entry (account_id, kind, amount, request_id)
      select account_id, 'settle', -charge, request_id from closed join payable using (account_id)
      where is_pooled and charge <> 0
    )`;
}

const MINUTE_MICROSECONDS = 60_000_000;
const HOUR_MICROSECONDS = 3_600_000_000;

/** Credits the refills that are due up to now. */
export function refillPools(connection: Sql, settlements: readonly Settlement[]): Promise<void> {
  return connection.transaction().execute(async (tx) => {
    const pools = await LockedPools.lock(
      tx,
      settlements.map(({ accountId }) => accountId),
    );
    for (const { accountId, policy } of settlements)
      pools.get(accountId, policy && isLimited(policy) ? policy : null);
    await pools.store(tx);
  });
}
