/** What one request costs, by what its model server counted, else by our estimate. */
import { type PoolUnit, type Rates, ratesFor } from '../budget/pool.ts';
import { type Coins, costOf, lesser, type Price } from '../kernel/coins.ts';
import type { TokenUsage } from '../upstream/delta.ts';
import { type Admission, isFree } from './admit.ts';
import { COUNT_MAX, hasLimit, limitOf } from './estimate.ts';
import type { Meter } from './meter.ts';

export interface Bill {
  readonly usage: TokenUsage;
  readonly audioSeconds: number;
  /** Not, or not only, by what the model server counted. */
  readonly isEstimated: boolean;
  /** The model server counted more than can be; that much is not paid. */
  readonly isOverstated: boolean;
  readonly cost: Coins;
  /** Of the pool, in its own unit. */
  readonly charge: Coins;
}

/** What templates put around a prompt is not in the request, so that nothing can be held for it. */
const TEMPLATE_TOKENS_MAX = 256;

/**
 * Never more than what was held (or would have been, where nothing is limited) and the words of a template: what a
 * model server counts beyond that can't be true, and must not empty a pool.
 */
export function billOf({ ask, model, measure, reservation }: Admission, meter: Meter): Bill {
  const { unit } = reservation.ask.policy;
  const { cachedInput } = model.prices;
  const { usage } = meter;
  const seconds = meter.isCountedInTokens ? null : secondsTaken(measure.seconds, meter);
  const stated =
    seconds === null
      ? billFor({ unit, prices: model.prices, cachedInput }, usage)
      : billFor({ unit, prices: measure.prices, cachedInput: null }, tokens(seconds, 0));
  const around = measure.seconds === null ? TEMPLATE_TOKENS_MAX : 0;
  const most = billFor(
    { unit, prices: measure.prices, cachedInput: null },
    tokens(measure.inputTokens + around, outputMost({ ask, model, reservation })),
  );
  const isOverstated = stated.cost > most.cost || stated.charge > most.charge;
  return {
    usage: seconds === null ? usage : tokens(0, 0),
    audioSeconds: seconds ?? meter.seconds ?? 0,
    isEstimated: meter.isEstimated || isOverstated,
    isOverstated,
    cost: lesser(stated.cost, most.cost),
    charge: lesser(stated.charge, most.charge),
  };
}

/** Where nothing is held and nobody set a limit, an answer is as long as the model likes. */
function outputMost({ ask, model, reservation }: Omit<Admission, 'measure'>): number {
  const isLimited = limitOf(ask.body) !== null || model.maxOutputTokens !== null;
  const isOpen = isFree(reservation) && !isLimited && hasLimit(ask.path);
  return isOpen ? COUNT_MAX : reservation.outputTokens;
}

/** Null when time is not what is paid for. */
function secondsTaken(estimated: number | null, meter: Meter): number | null {
  if (estimated === null) return null;
  return meter.seconds ?? (meter.hasOutput ? estimated : 0);
}

export const tokens = (inputTokens: number, outputTokens: number): TokenUsage => ({
  inputTokens,
  cachedInputTokens: 0,
  outputTokens,
  reasoningTokens: 0,
});

/** The terms that were agreed when the request was admitted. */
export interface Terms {
  readonly unit: PoolUnit;
  readonly prices: Rates;
  readonly cachedInput: Price | null;
}

/** What the tokens cost in coins, and what the pool pays for them in its own unit. */
export function billFor(
  { unit, prices, cachedInput }: Terms,
  usage: TokenUsage,
): { readonly cost: Coins; readonly charge: Coins } {
  const cost = costOfUsage({ ...prices, cachedInput }, usage);
  if (unit === 'coins') return { cost, charge: cost };
  return { cost, charge: costOfUsage({ ...ratesFor(unit, prices), cachedInput: null }, usage) };
}

function costOfUsage(
  prices: Rates & { readonly cachedInput: Price | null },
  usage: TokenUsage,
): Coins {
  const cached = prices.cachedInput === null ? 0 : usage.cachedInputTokens;
  return costOf([
    { tokens: usage.inputTokens - cached, price: prices.input },
    { tokens: cached, price: prices.cachedInput ?? prices.input },
    { tokens: usage.outputTokens, price: prices.output },
  ]);
}
