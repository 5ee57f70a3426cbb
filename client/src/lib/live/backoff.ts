const FIRST_MS = 300;
const LONGEST_MS = 15_000;

/**
 * How long to wait before trying again for the nth time (from 0): doubling, and spread by `chance` (0 to 1), so that all
 * browsers of an institution don't return in the same instant after a restart.
 */
export function backoffMs(attempt: number, chance: number): number {
  const whole = Math.min(FIRST_MS * 2 ** attempt, LONGEST_MS);
  return Math.round(whole / 2 + (whole / 2) * chance);
}
