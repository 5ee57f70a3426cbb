/** What a pool does, as pure functions over its state: the database only keeps what they return. */
import type { PoolPolicy } from '../config/config.ts';
import {
  affordableTokens,
  type Coins,
  costOf,
  greater,
  lesser,
  minus,
  NO_COINS,
  type Price,
  plus,
} from '../kernel/coins.ts';

export type PoolUnit = PoolPolicy['unit'];
export type LimitedPolicy = PoolPolicy & { readonly max: Coins };

/** Amounts are millionths of the unit; times are microseconds since 1970, by the database's clock. */
export interface PoolState {
  readonly balance: Coins;
  readonly held: Coins;
  readonly refilledAt: bigint;
}

export const isLimited = (policy: PoolPolicy): policy is LimitedPolicy =>
  policy.max !== 'unlimited';

const HOUR = 3_600_000_000n;

/** The state with all the refill credited that is due. A balance above `max` stays; time without refill is not paid later. */
export function refill(state: PoolState, policy: LimitedPolicy, now: bigint): PoolState {
  const elapsed = now - state.refilledAt;
  if (elapsed <= 0n) return state;
  const room = minus(policy.max, state.balance);
  if (policy.refreshPerHour <= 0n || room <= 0n) return { ...state, refilledAt: now };
  const due = ((policy.refreshPerHour * elapsed) / HOUR) as Coins;
  if (due >= room) return { ...state, balance: policy.max, refilledAt: now };
  // The clock moves only by the time that whole millionths took, rounded up, so no fraction is lost or paid twice.
  const paidFor = (due * HOUR + policy.refreshPerHour - 1n) / policy.refreshPerHour;
  return { ...state, balance: plus(state.balance, due), refilledAt: state.refilledAt + paidFor };
}

/** What can be spent now: neither negative nor what running requests hold. */
export const available = (state: PoolState): Coins =>
  greater(minus(state.balance, state.held), NO_COINS);

/** When the pool will afford the amount, in microseconds since 1970; null when it never will by itself. */
export function affordsAt(state: PoolState, policy: LimitedPolicy, amount: Coins): bigint | null {
  const missing = minus(amount, minus(state.balance, state.held));
  if (missing <= 0n) return state.refilledAt;
  if (policy.refreshPerHour <= 0n || amount > policy.max) return null;
  return state.refilledAt + (missing * HOUR + policy.refreshPerHour - 1n) / policy.refreshPerHour;
}

export interface Rates {
  readonly input: Price;
  readonly output: Price;
}

/** A pool counted in tokens pays one for each token, whatever the model costs. */
const ONE_EACH = 1_000_000_000_000_000_000n as Price;
export const ratesFor = (unit: PoolUnit, prices: Rates): Rates =>
  unit === 'tokens'
    ? { input: ONE_EACH, output: ONE_EACH }
    : { input: prices.input, output: prices.output };

export interface Hold {
  readonly amount: Coins;
  /** How many output tokens the amount covers. */
  readonly outputTokens: number;
}

/** An answer shorter than this is not worth being clamped to. */
const CLAMPED_TOKENS_MIN = 16;

/**
 * What to hold for so many input and output tokens, or null when the pool can't afford it. With `clamp` the output may
 * be cut down to what is affordable.
 */
export function holdFor(
  state: PoolState,
  rates: Rates,
  wanted: { readonly inputTokens: number; readonly outputTokens: number; readonly clamp: boolean },
): Hold | null {
  const input = { tokens: wanted.inputTokens, price: rates.input };
  const whole = costOf([input, { tokens: wanted.outputTokens, price: rates.output }]);
  const left = available(state);
  if (whole <= left)
    return whole > 0n && left <= 0n ? null : { amount: whole, outputTokens: wanted.outputTokens };
  if (!wanted.clamp) return null;
  const rest = minus(left, costOf([input]));
  const outputTokens = Math.min(wanted.outputTokens, affordableTokens(rest, rates.output));
  if (outputTokens < Math.min(CLAMPED_TOKENS_MIN, wanted.outputTokens)) return null;
  return {
    amount: lesser(left, costOf([input, { tokens: outputTokens, price: rates.output }])),
    outputTokens,
  };
}

export const plusHeld = (state: PoolState, amount: Coins): PoolState => ({
  ...state,
  held: plus(state.held, amount),
});

/** The state after a request has ended: what was held is free again, what it cost is gone. */
export const spent = (state: PoolState, held: Coins, cost: Coins): PoolState => ({
  ...state,
  balance: minus(state.balance, cost),
  held: greater(minus(state.held, held), NO_COINS),
});
