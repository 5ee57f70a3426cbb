import type { PoolOfViewerFragment } from '#lib/graphql/generated.ts';
import { formatBalance, formatCompact } from '#lib/ui/numbers.ts';

export type Pool = PoolOfViewerFragment['pool'];

/** What is left, in words. */
export function balanceText(pool: Pool): string {
  if (!pool) return 'No budget';
  if (pool.unit === 'COINS')
    return pool.unlimited ? 'Unlimited coins' : `${formatBalance(pool.left)} coins left`;
  return pool.unlimited ? 'Unlimited tokens' : `${formatCompact(Number(pool.left))} tokens left`;
}

/** The share of the pool that is left, from 0 to 1. */
export function shareLeft(pool: NonNullable<Pool>): number {
  const max = Number(pool.max);
  return max > 0 ? Math.min(1, Math.max(0, Number(pool.left) / max)) : 0;
}
