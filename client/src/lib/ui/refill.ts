// What comes back to a pool, and when it is full again.
import { formatDistance } from './moments.ts';
import { formatCost } from './numbers.ts';

interface Pool {
  readonly unlimited: boolean;
  readonly left: string;
  readonly held: string;
  readonly max: string;
  readonly refreshPerHour: string;
}

const HOUR_MS = 3_600_000;

/** `full` is how far off that is; undefined when it is full now. Undefined where nothing comes back. */
function refillOf(pool: Pool | null, now: number): { amount: string; full?: string } | undefined {
  const perHour = Number(pool?.refreshPerHour ?? 0);
  if (!pool || pool.unlimited || perHour <= 0) return undefined;
  const amount = formatCost(pool.refreshPerHour);
  const missing = Number(pool.max) - Number(pool.left) - Number(pool.held);
  if (missing <= 0) return { amount };
  return { amount, full: formatDistance(now + (missing / perHour) * HOUR_MS, now) };
}

export function refillText(pool: Pool | null, now: number): string | undefined {
  const refill = refillOf(pool, now);
  if (!refill) return undefined;
  const { amount, full } = refill;
  return full ? `${amount} an hour come back, full ${full}` : `${amount} an hour come back`;
}

export function refillFigure(pool: Pool | null, now: number): { value: string; more?: string } {
  const refill = refillOf(pool, now);
  if (refill) {
    const { amount, full } = refill;
    return { value: `+${amount} an hour`, more: full ? `full ${full}` : 'full now' };
  }
  if (!pool) return { value: '–' };
  return { value: /* @wc-include */ pool.unlimited ? 'unlimited' : 'none' };
}
