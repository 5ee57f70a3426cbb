import { sql } from 'kysely';
import type { PoolPolicy } from '../config/config.ts';
import type { Actor, Context } from '../context.ts';
import { batched } from '../db/batched.ts';
import { type Coins, minus, NO_COINS } from '../kernel/coins.ts';
import { isLimited, type PoolState, type RefillTerms, refill } from './pool.ts';
import { poolPolicy } from './pool-policy.ts';
import { microseconds, type TermsColumns, termsIn } from './pool-rows.ts';

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
  account: Pick<Actor, 'accountId' | 'kind' | 'email' | 'slug' | 'groups' | 'limit'>,
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
  const row = await batched(ctx, storedPools, account.accountId);
  const pool =
    row?.unit === unit
      ? refill(row, row.terms ?? policy, row.now)
      : { balance: policy.starting, held: NO_COINS };
  const left = minus(pool.balance, pool.held);
  return { unit, isUnlimited: false, left, held: pool.held, max: policy.max, refreshPerHour };
}

interface StoredPool extends PoolState {
  readonly terms: RefillTerms | null;
  readonly accountId: string;
  readonly unit: PoolPolicy['unit'];
  readonly now: bigint;
}

async function storedPools(
  ctx: Pick<Context, 'sql'>,
  accountIds: readonly string[],
): Promise<readonly (StoredPool | null)[]> {
  const { rows } = await sql<Omit<StoredPool, 'terms'> & TermsColumns>`
    select account_id as "accountId", unit, balance, held, ${microseconds('refilled_at')} as "refilledAt",
      refill_max, refill_per_hour, ${microseconds('clock_timestamp()')} as now
    from pool where account_id = any(${accountIds}::uuid[])`.execute(ctx.sql);
  const byAccount = new Map(rows.map((row) => [row.accountId, { ...row, terms: termsIn(row) }]));
  return accountIds.map((id) => byAccount.get(id) ?? null);
}
