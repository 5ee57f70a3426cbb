import { formatDistance } from '#lib/ui/moments.ts';
import { formatCost } from '#lib/ui/numbers.ts';

interface Refilled {
  readonly unlimited: boolean;
  readonly left: string;
  readonly held: string;
  readonly max: string;
  readonly refreshPerHour: string;
}

const HOUR_MS = 3_600_000;

/** What comes back in an hour, and when the pool is full again. */
export function refillFigure(pool: Refilled | null, now: number): { value: string; more?: string } {
  if (!pool) return { value: '–' };
  const perHour = Number(pool.refreshPerHour);
  if (pool.unlimited || perHour <= 0) return { value: pool.unlimited ? 'unlimited' : 'none' };
  const missing = Number(pool.max) - Number(pool.left) - Number(pool.held);
  const value = `+${formatCost(pool.refreshPerHour)} an hour`;
  if (missing <= 0) return { value, more: 'full now' };
  return { value, more: `full ${formatDistance(now + (missing / perHour) * HOUR_MS, now)}` };
}
