import type { PoolOfViewerFragment } from '#lib/graphql/generated.ts';
import { formatDistance } from '#lib/ui/moments.ts';
import { formatBalance, formatCompact, formatCost } from '#lib/ui/numbers.ts';

export type Pool = PoolOfViewerFragment['pool'];

/** What is left, in words. */
export function balanceText(pool: Pool): string {
  if (!pool) return 'No budget';
  const unit = pool.unit === 'COINS' ? 'coins' : 'tokens';
  if (pool.unlimited) return `Unlimited ${unit}`;
  const left = pool.unit === 'COINS' ? formatBalance(pool.left) : formatCompact(Number(pool.left));
  return `${left} ${unit} left`;
}

/** The share of the pool that is left, from 0 to 1. */
export function shareLeft(pool: NonNullable<Pool>): number {
  const max = Number(pool.max);
  return max > 0 ? Math.min(1, Math.max(0, Number(pool.left) / max)) : 0;
}

const HOUR_MS = 3_600_000;

/** What comes back, and when the pool is full again; undefined where nothing does. */
export function refillText(pool: Pool, now: number): string | undefined {
  const perHour = Number(pool?.refreshPerHour ?? 0);
  if (!pool || pool.unlimited || perHour <= 0) return undefined;
  const missing = Number(pool.max) - Number(pool.left) - Number(pool.held);
  const full = formatDistance(now + (missing / perHour) * HOUR_MS, now);
  return `${formatCost(pool.refreshPerHour)} an hour come back${missing > 0 ? `, full ${full}` : ''}`;
}
