import { sql } from 'kysely';
import type { PoolPolicy } from '../config/config.ts';
import type { Sql } from '../db/orm.ts';
import type { Columns, Row } from '../db/rows.ts';
import { type Coins, NO_COINS } from '../kernel/coins.ts';
import type { LeasedRequest } from './lease.ts';
import { isLimited } from './pool.ts';
import { LockedPools, microseconds } from './pool-rows.ts';

/** The end of a reservation: what the request cost, in millionths of the pool's unit. */
export interface Settlement {
  readonly requestId: string;
  readonly accountId: string;
  readonly policy: PoolPolicy | null;
  readonly charge: Coins;
  /** Set for a request that was held in memory. */
  readonly leased: LeasedRequest | null;
  /** Its row is gone although nobody has billed it, as a database that crashed forgets its last reservations. */
  readonly isLost?: boolean;
}

export const SETTLEMENT = {
  request_id: 'uuid',
  account_id: 'uuid',
  charge: 'bigint',
  max: 'bigint',
  refresh: 'bigint',
  leased: 'bigint',
} as const satisfies Columns;

export type SettlementRow = Row<typeof SETTLEMENT>;

export function settlementRow(settlement: Settlement): SettlementRow {
  const { requestId, accountId, policy, charge } = settlement;
  const limited = policy && isLimited(policy) ? policy : null;
  return {
    request_id: requestId,
    account_id: accountId,
    charge: charge.toString(),
    max: limited?.max.toString() ?? null,
    refresh: limited?.refreshPerHour.toString() ?? null,
    leased: usedOfLease(settlement)?.toString() ?? null,
  };
}

/**
 * A part of a statement: closes the reservations that its CTE `ended` names, and pays for them; the rows of those that
 * were closed are in its CTE `closed`, with the time. A reservation that another process has closed already is left
 * alone, so each request pays exactly once. A request that has no row pays out of the lease that it was held in; one
 * whose row was lost, out of what the pool has.
 *
 * A pool refills by its own terms; by the policy of the settlement only as long as it has none.
 *
 * @param isRefilled refills are credited up to now. Otherwise a pool with a refill due is left alone with its
 *   reservations: first it is to be refilled, since what would have been lost above `max` must not be credited later.
 */
export function closing(ended: readonly SettlementRow[], isRefilled: boolean, replicaId: string) {
  const sinceRefill = sql`(${microseconds('clock_timestamp()')} - ${microseconds('refilled_at')})`;
  const leases = ended.some(({ leased }) => leased !== null);
  const rows = ended.some(({ leased }) => leased === null);
  // Rows and leases are separate ways, and most groups go only one of them: PostgreSQL takes time for each part of a
  // statement, whether it finds rows or not.
  const both = (ofRows: Part, ofLeases: Part, joint: Part) =>
    rows && leases ? sql`${ofRows} ${joint} ${ofLeases}` : rows ? ofRows : ofLeases;
  return sql`
    billed as (
      select account_id, max(max) as max, max(refresh) as refresh from (${both(
        sql`select r.account_id, e.max, e.refresh from reservation r join ended e using (request_id) where r.is_pooled`,
        sql`select account_id, max, refresh from ended where leased is not null and max is not null`,
        sql`union all`,
      )}) b group by 1
    ), payable as (
      select p.account_id, t.max
      from pool p join billed b using (account_id),
        lateral (select coalesce(p.refill_max, b.max) as max, coalesce(p.refill_per_hour, b.refresh) as refresh) t
      where ${literal(isRefilled)} or t.max is null or p.balance >= t.max or (${sinceRefill} < ${MINUTE_MICROSECONDS}
        and p.balance + t.refresh::numeric * ${sinceRefill} / ${HOUR_MICROSECONDS} < t.max)
      order by p.account_id for update of p
    ), ${both(removed(isRefilled), letGo(isRefilled, replicaId), sql`,`)}, closed as (
      select *, clock_timestamp() as at
      from (${both(sql`select * from removed`, sql`select * from let_go`, sql`union all`)}) c
    ), paid as (
      update pool p set balance = p.balance - c.charge,
        held = greatest(p.held - c.amount${leases ? sql` - coalesce((select leased from lowered l where l.account_id = c.account_id), 0)` : sql``}, 0),
        refilled_at = case when p.balance >= c.max then greatest(clock_timestamp(), p.refilled_at) else p.refilled_at end
      from (select account_id, payable.max, sum(charge)::bigint as charge, sum(amount)::bigint as amount
        from closed join payable using (account_id) where is_pooled group by 1, 2) c
      where p.account_id = c.account_id
    ), entered as (
      insert into ledger_entry (account_id, kind, amount, request_id)
      select account_id, 'settle', -charge, request_id from closed join payable using (account_id)
      where is_pooled and charge <> 0
    )`;
}

type Part = ReturnType<typeof sql>;

/** Not a parameter: PostgreSQL would hope for a better plan from its value, and plan the whole statement each time. */
const literal = (value: boolean): Part => sql.raw(String(value));

const removed = (isRefilled: boolean) => sql`
  removed as (
    delete from reservation r using ended e where r.request_id = e.request_id and e.leased is null
      and (${literal(isRefilled)} or not r.is_pooled or r.account_id in (select account_id from payable))
    returning e.*, r.is_pooled, r.amount
  )`;

const letGo = (isRefilled: boolean, replicaId: string) => sql`
  let_go as (
    select *, max is not null as is_pooled, 0::bigint as amount from ended
    where leased is not null and (max is null or account_id in (select account_id from payable)
      or ${literal(isRefilled)} and not exists (select from pool p where p.account_id = ended.account_id))
  ), lowered as (
    update pool_lease l set amount = greatest(l.amount - g.leased, 0)
    from (select account_id, sum(leased)::bigint as leased from let_go where is_pooled group by 1) g
    where l.account_id = g.account_id and l.replica_id = ${replicaId}::uuid
    returning l.account_id, g.leased
  )`;

/** How much less of the lease is needed; null for a request that has a row. */
function usedOfLease({ leased, charge, isLost }: Settlement): Coins | null {
  if (isLost) return NO_COINS;
  return leased && !leased.isStored ? leased.used(charge) : null;
}

const MINUTE_MICROSECONDS = sql.raw('60000000');
const HOUR_MICROSECONDS = sql.raw('3600000000');

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
