import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { isTemporary } from './is-temporary.ts';

/** About a minute in all: longer than a database takes to restart. */
const DELAYS_MS = [50, 200, 1_000, 2_000, 5_000, 10_000, 20_000, 20_000];

/**
 * Does a piece of work that must not be lost because the database is away for a while. It must be safe to repeat: what
 * failed may have been committed, and `work` is told so.
 */
export async function surely<T>(
  what: string,
  log: Logger,
  work: (isRepeated: boolean) => Promise<T>,
): Promise<T> {
  for (const [tries, wait] of DELAYS_MS.entries()) {
    try {
      return await work(tries > 0);
    } catch (error) {
      if (!isTemporary(error)) throw error;
      log.error({ err: error }, `${what} failed and is tried again`);
      await delay(wait);
    }
  }
  return work(true);
}
