/** Counts what happens in windows of time: in memory, or in Redis for all replicas together. */
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
} from 'rate-limiter-flexible';
import type { Rate } from '../config/rate-notation.ts';

/** A Redis that does not answer holds up no request for longer. */
const REDIS_PATIENCE_MS = 500;
/** Node's timers, by which counts in memory are forgotten, reach no further. */
const TIMER_SECONDS_MAX = 2_147_483;

/** How one rate stands after something was counted. */
export interface Standing {
  readonly rate: Rate;
  readonly count: number;
  /** Until the window ends and counting begins anew. */
  readonly resetSeconds: number;
}

export class Counters {
  readonly #redis: Redis | null;
  /** By the length of their window. Limits are compared with the counts, so that a new limit keeps what was counted. */
  readonly #windows = new Map<number, RateLimiterAbstract>();

  private constructor(redis: Redis | null) {
    this.#redis = redis;
  }

  /** Without Redis, or while it is away, each process counts for itself. */
  static open(redisUrl: string | null, log: Logger): Counters {
    if (redisUrl === null) return new Counters(null);
    const redis = new Redis(redisUrl, {
      maxRetriesPerRequest: 1,
      enableOfflineQueue: false,
      commandTimeout: REDIS_PATIENCE_MS,
    });
    redis.on('error', (error: Error) =>
      log.warn({ error: error.message }, 'Redis: each process counts its requests for itself'),
    );
    return new Counters(redis);
  }

  /** Counts one more of `key` in the window of `rate`. */
  async count(key: string, rate: Rate): Promise<Standing> {
    const { seconds } = rate;
    const window = this.#window(seconds);
    if (seconds <= TIMER_SECONDS_MAX) {
      const { consumedPoints: count, msBeforeNext } = await window.penalty(key);
      // The store looks at the clock on the wall, which may have been set back by a day.
      return { rate, count, resetSeconds: Math.min(seconds, Math.ceil(msBeforeNext / 1000)) };
    }
    // Months and years are windows of the calendar, since 1970; their number in the key begins each anew.
    const now = Date.now() / 1000;
    const period = Math.floor(now / seconds);
    const { consumedPoints: count } = await window.penalty(`${key}:${period}`);
    return { rate, count, resetSeconds: Math.ceil((period + 1) * seconds - now) };
  }

  close(): void {
    this.#redis?.disconnect();
  }

  #window(seconds: number): RateLimiterAbstract {
    const known = this.#windows.get(seconds);
    if (known) return known;
    // It only counts (`penalty`), so the limit of its own is never looked at.
    const counting = { keyPrefix: `lumen:rate:${seconds}`, points: 0 };
    const memory = new RateLimiterMemory({
      ...counting,
      duration: seconds <= TIMER_SECONDS_MAX ? seconds : 0,
    });
    const window = this.#redis
      ? new RateLimiterRedis({
          ...counting,
          duration: seconds,
          storeClient: this.#redis,
          rejectIfRedisNotReady: true,
          insuranceLimiter: memory,
        })
      : memory;
    this.#windows.set(seconds, window);
    return window;
  }
}
