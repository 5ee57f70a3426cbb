// How long a pool lasts when it is spent on as it was in the time that a report is of.

const HOUR_MS = 3_600_000;

interface Spent {
  /** In the unit of the pool. */
  readonly amount: number;
  readonly from: number;
  readonly to: number;
}

interface Pool {
  readonly left: number;
  readonly refreshPerHour: number;
}

/** When the pool is empty, in milliseconds since 1970; undefined when it never is. */
export function emptyAt(pool: Pool, spent: Spent, now: number): number | undefined {
  const hours = Math.max(1, (Math.min(spent.to, now) - spent.from) / HOUR_MS);
  const net = spent.amount / hours - pool.refreshPerHour;
  return net > 0 ? now + (Math.max(0, pool.left) / net) * HOUR_MS : undefined;
}
