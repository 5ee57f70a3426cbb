/** How often anybody may ask: one bucket for whoever is recognised, whichever door they use, and one for strangers' addresses. */
import type { Rate } from '../config/rate-notation.ts';
import type { Actor, Context } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import type { Counters, Standing } from './counters.ts';

declare module '../context.ts' {
  interface Parts {
    readonly counters: Counters;
  }
}

/**
 * Reading is cheap, and one page asks several times for each message that a person sends: for each request that the
 * limit allows, so many other operations are allowed.
 */
const OPERATIONS_PER_REQUEST = 20;

/** Is told how the tightest rate stands, as headers of the answer. */
export type Tell = (header: string, value: string) => unknown;

type Counting = Pick<Context, 'config' | 'parts'>;

/** Counts what costs something: a request on /v1, a message. @throws Failure RATE_LIMITED */
export function spendRequest(ctx: Counting, actor: Actor, tell?: Tell): Promise<void> {
  return spend(ctx, `request:${identityOf(actor)}`, ctx.config.rateLimits.requests, tell);
}

/** Counts an operation of GraphQL, of a visitor by the address. @throws Failure RATE_LIMITED */
export function spendOperation(
  ctx: Counting & { readonly actor: Actor | null; readonly address: string },
  tell?: Tell,
): Promise<void> {
  const identity = ctx.actor ? identityOf(ctx.actor) : ctx.address;
  const rates = ctx.config.rateLimits.requests.map(({ requests, seconds }) => ({
    requests: requests * OPERATIONS_PER_REQUEST,
    seconds,
  }));
  return spend(ctx, `operation:${identity}`, rates, tell);
}

/** Counts a request of a monitoring system by the address, since it has no account. @throws Failure RATE_LIMITED */
export function spendMonitoring(ctx: Counting, address: string, tell: Tell): Promise<void> {
  return spend(ctx, `monitoring:${address}`, ctx.config.rateLimits.requests, tell);
}

/** Counts a key that opened nothing. @throws Failure RATE_LIMITED when there were too many from the address */
export function spendFailedKey(ctx: Counting, address: string): Promise<void> {
  return spend(ctx, `failed-key:${address}`, ctx.config.rateLimits.failedKeys);
}

/** Each key has its own allowance, so that a script does not silence the person it belongs to. */
const identityOf = ({ apiKeyId, accountId }: Actor): string => apiKeyId ?? accountId;

async function spend(
  { parts }: Counting,
  key: string,
  rates: readonly Rate[],
  tell: Tell = () => undefined,
): Promise<void> {
  let tightest: Standing | null = null;
  // The shortest window first: what it refuses is not counted against the longer ones.
  for (const rate of rates) {
    const standing = await parts.counters.count(key, rate);
    if (!tightest || left(standing) < left(tightest)) tightest = standing;
    if (left(standing) < 0) break;
  }
  if (!tightest) return;
  tellStanding(tightest, tell);
  if (left(tightest) < 0) refuse(tightest);
}

const left = ({ rate, count }: Standing): number => rate.requests - count;

function tellStanding(standing: Standing, tell: Tell): void {
  tell('RateLimit-Limit', String(standing.rate.requests));
  tell('RateLimit-Remaining', String(Math.max(left(standing), 0)));
  tell('RateLimit-Reset', String(standing.resetSeconds));
}

function refuse({ rate, resetSeconds }: Standing): never {
  const retryAfterSeconds = Math.max(resetSeconds, 1);
  const message = `Too many requests: ${rate.requests} are allowed in ${rate.seconds} seconds. Try again in ${retryAfterSeconds} seconds.`;
  return fail('RATE_LIMITED', message, { retryAfterSeconds });
}
