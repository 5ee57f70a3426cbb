import { sql } from 'kysely';
import type { PoolPolicy } from '../config/config.ts';
import type { Actor, Context } from '../context.ts';
import { type Coins, minus, NO_COINS } from '../kernel/coins.ts';
import { isLimited, type PoolState, refill } from './pool.ts';
import { poolPolicy } from './pool-policy.ts';
import { microseconds } from './pool-rows.ts';

/** A pool as its owner sees it; amounts in millionths of the unit. */
export interface PoolView {
  readonly unit: PoolPolicy['unit'];
  readonly isUnlimited: boolean;
  readonly left: Coins;
  readonly held: Coins;
  readonly max: Coins;
  readonly refreshPerHour: Coins;
}

/** The pool that pays for the account, with its refill up to now; null when nothing does. */
export async function readPool(
  ctx: Pick<Context, 'sql' | 'config'>,
  account: Pick<Actor, 'accountId' | 'kind' | 'email' | 'groups'>,
): Promise<PoolView | null> {
  const policy = poolPolicy(ctx.config, account);
  if (!policy) return null;
  const { unit, refreshPerHour } = policy;
  if (!isLimited(policy)) {
    return {
      unit,
      isUnlimited: true,
      left: NO_COINS,
      held: NO_COINS,
      max: NO_COINS,
      refreshPerHour,
    };
  }
  const { rows } = await sql<PoolState & { now: bigint }>`
    select balance, held, ${microseconds('refilled_at')} as "refilledAt", ${microseconds('clock_timestamp()')} as now
    from pool where account_id = ${account.accountId} and unit = ${unit}`.execute(ctx.sql);
  const [row] = rows;
  const pool = row ? refill(row, policy, row.now) : { balance: policy.starting, held: NO_COINS };
  const left = minus(pool.balance, pool.held);
  return { unit, isUnlimited: false, left, held: pool.held, max: policy.max, refreshPerHour };
}
