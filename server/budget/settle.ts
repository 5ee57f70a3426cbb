import { sql } from 'kysely';
import type { PoolPolicy } from '../config/config.ts';
import type { Sql } from '../db/orm.ts';
import type { Coins } from '../kernel/coins.ts';
import { minus, NO_COINS } from '../kernel/coins.ts';
import { isLimited, spent } from './pool.ts';
import { LockedPools } from './pool-rows.ts';

/** The end of a reservation: what the request cost, in millionths of the pool's unit. */
export interface Settlement {
  readonly requestId: string;
  readonly policy: PoolPolicy | null;
  readonly charge: Coins;
}

interface Closed {
  readonly request_id: string;
  readonly account_id: string;
  readonly is_pooled: boolean;
  readonly amount: Coins;
}

/**
 * Closes reservations and pays for them. A reservation that another process has closed already is left alone, so each
 * request pays exactly once. Gives the ids of the requests that were closed here.
 */
export async function settlePools(
  tx: Sql,
  settlements: readonly Settlement[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<Closed>`
    delete from reservation where request_id = any(${settlements.map((s) => s.requestId)}::uuid[])
    returning request_id, account_id, is_pooled, amount`.execute(tx);
  const byRequest = new Map(settlements.map((settlement) => [settlement.requestId, settlement]));
  const pooled = rows.filter((row) => row.is_pooled);
  const pools = await LockedPools.lock(
    tx,
    pooled.map((row) => row.account_id),
  );
  for (const row of pooled) pay(pools, row, byRequest.get(row.request_id));
  await pools.store(tx);
  return new Set(rows.map((row) => row.request_id));
}

function pay(pools: LockedPools, closed: Closed, settlement: Settlement | undefined): void {
  const { account_id: accountId, request_id: requestId } = closed;
  const policy = settlement?.policy && isLimited(settlement.policy) ? settlement.policy : null;
  const pool = pools.get(accountId, policy);
  if (!pool) return;
  const charge = settlement?.charge ?? NO_COINS;
  const entry = { accountId, kind: 'settle', amount: minus(NO_COINS, charge), requestId } as const;
  pools.set(accountId, spent(pool, closed.amount, charge), entry);
}
