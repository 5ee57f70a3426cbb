/** What a pool does, as pure functions over its state: the database only keeps what they return. */
import type { PoolPolicy } from '../config/config.ts';
import {
  affordableTokens,
  type Coins,
  costOf,
  greater,
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

/** By what time refills a pool. It remembers them: time is paid for by the terms that were in force then. */
export type RefillTerms = Pick<LimitedPolicy, 'max' | 'refreshPerHour'>;

const NO_REFILL: RefillTerms = { max: NO_COINS, refreshPerHour: NO_COINS };

/** Time refills nothing while nothing pays for the account, or something without a balance. */
export const termsOf = (policy: PoolPolicy | null): RefillTerms =>
  policy && isLimited(policy)
    ? { max: policy.max, refreshPerHour: policy.refreshPerHour }
    : NO_REFILL;

const HOUR = 3_600_000_000n;
const MINUTE = 60_000_000n;

/** The state with all the refill credited that is due. A balance above `max` stays; time without refill is not paid later. */
export function refill(state: PoolState, terms: RefillTerms, now: bigint): PoolState {
  const elapsed = now - state.refilledAt;
  if (elapsed <= 0n) return state;
  const room = minus(terms.max, state.balance);
  if (terms.refreshPerHour <= 0n || room <= 0n) return { ...state, refilledAt: now };
  const due = ((terms.refreshPerHour * elapsed) / HOUR) as Coins;
  if (due >= room) return { ...state, balance: terms.max, refilledAt: now };
  // The clock moves only by the time that whole millionths took, rounded up, so no fraction is lost or paid twice.
  const paidFor = (due * HOUR + terms.refreshPerHour - 1n) / terms.refreshPerHour;
  return { ...state, balance: plus(state.balance, due), refilledAt: state.refilledAt + paidFor };
}

/**
 * The state with the refill that is worth an entry in the ledger: once a minute; sooner when the pool is short of `needed`,
 * or full: what comes after that would be lost.
 */
export function dueRefill(
  state: PoolState,
  terms: RefillTerms,
  now: bigint,
  needed: Coins,
): PoolState {
  const refilled = refill(state, terms, now);
  const isDue = now - state.refilledAt >= MINUTE || refilled.balance >= terms.max;
  return isDue || available(state) < needed ? refilled : state;
}

/** The state as an administrator's reset leaves it: what is in it at the start, and nothing due. */
export const reset = (state: PoolState, policy: LimitedPolicy, now: bigint): PoolState => ({
  ...state,
  balance: policy.starting,
  refilledAt: later(now, state.refilledAt),
});

/** The state with a grant, or null when a negative one would take what is not there, or is held. */
export function granted(state: PoolState, amount: Coins): PoolState | null {
  if (amount < 0n && -amount > available(state)) return null;
  return { ...state, balance: plus(state.balance, amount) };
}

/** The state at the end of terms: what comes next pays for no time before it. */
export function endOfTerms(state: PoolState, terms: RefillTerms, now: bigint): PoolState {
  const refilled = refill(state, terms, now);
  return { ...refilled, refilledAt: later(now, refilled.refilledAt) };
}

/** A clock that was set back does not open time that was paid for. */
const later = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** What can be spent now: neither negative nor what running requests hold. */
export const available = (state: PoolState): Coins =>
  greater(minus(state.balance, state.held), NO_COINS);

/** When the pool will afford the amount, in microseconds since 1970; null when it never will by itself. */
export function affordsAt(state: PoolState, terms: RefillTerms, amount: Coins): bigint | null {
  const missing = minus(amount, minus(state.balance, state.held));
  if (missing <= 0n) return state.refilledAt;
  if (terms.refreshPerHour <= 0n || amount > terms.max) return null;
  return state.refilledAt + (missing * HOUR + terms.refreshPerHour - 1n) / terms.refreshPerHour;
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

export interface Wanted {
  readonly inputTokens: number;
  /** Of all choices together. */
  readonly outputTokens: number;
  /** How many answers share the output tokens. */
  readonly choices: number;
  /** The output may be cut down to what the pool affords. */
  readonly clamp: boolean;
}

/** What to hold for a request, or null when the pool has not even `leastFor` it. */
export function holdFor(state: PoolState, rates: Rates, wanted: Wanted): Hold | null {
  const { inputTokens, outputTokens } = wanted;
  const left = available(state);
  const whole = holdCost(rates, inputTokens, outputTokens);
  if (whole <= left) return { amount: whole, outputTokens };
  if (leastFor(rates, wanted) > left) return null;
  const rest = minus(left, holdCost(rates, inputTokens, 0));
  const clamped = Math.max(leastOutput(wanted), affordableTokens(rest, rates.output));
  return { amount: holdCost(rates, inputTokens, clamped), outputTokens: clamped };
}

/** What must be available for the request to be let in: the prompt and, when it may be clamped, a few words. */
export const leastFor = (rates: Rates, wanted: Wanted): Coins =>
  holdCost(rates, wanted.inputTokens, leastOutput(wanted));

const leastOutput = ({ outputTokens, choices, clamp }: Wanted): number =>
  clamp ? Math.min(outputTokens, CLAMPED_TOKENS_MIN * choices) : outputTokens;

const holdCost = (rates: Rates, inputTokens: number, outputTokens: number): Coins =>
  costOf([
    { tokens: inputTokens, price: rates.input },
    { tokens: outputTokens, price: rates.output },
  ]);

export const plusHeld = (state: PoolState, amount: Coins): PoolState => ({
  ...state,
  held: plus(state.held, amount),
});
