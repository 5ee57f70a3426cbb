/**
 * Money. A coin amount is an integer of micro-coins and a price an integer of pico-coins per million tokens, so
 * that neither is ever rounded on its way through Lumen; only a cost is rounded, once, upwards.
 */

/** An amount in millionths of its pool's unit (coins, or tokens for the oldest form of budget). */
export type Coins = bigint & { readonly unit: 'micro-coin' };

/** A price in millionths of a millionth of a coin, per million tokens. */
export type Price = bigint & { readonly unit: 'pico-coin per million tokens' };

const MICRO_DIGITS = 6;
const PICO_DIGITS = 12;
const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

export const NO_COINS = 0n as Coins;

export const plus = (a: Coins, b: Coins): Coins => (a + b) as Coins;
export const minus = (a: Coins, b: Coins): Coins => (a - b) as Coins;
export const greater = (a: Coins, b: Coins): Coins => (a > b ? a : b);
export const lesser = (a: Coins, b: Coins): Coins => (a < b ? a : b);

/** Reads a decimal number of coins. @throws RangeError when it is not a finite decimal number */
export const coins = (amount: number | string): Coins => scaled(amount, MICRO_DIGITS) as Coins;

/** Reads a price in coins per million tokens. @throws RangeError when it is not a finite decimal number */
export const price = (perMillion: number | string): Price =>
  scaled(perMillion, PICO_DIGITS) as Price;

const SECONDS_PER_HOUR = 3600n;

/** The price of a million seconds, of which an hour costs so many coins: never more than that. @throws RangeError */
export const priceByTheHour = (perHour: number | string): Price =>
  ((price(perHour) * 1_000_000n) / SECONDS_PER_HOUR) as Price;

/** The amount as a decimal string without trailing zeros: `9.99976`. */
export const formatCoins = (amount: Coins): string => unscaled(amount, MICRO_DIGITS);

/** The price in coins per million tokens as a decimal string without trailing zeros. */
export const formatPrice = (perMillion: Price): string => unscaled(perMillion, PICO_DIGITS);

/** What an hour costs at the price of a million seconds, as it was given to `priceByTheHour`. */
export const formatPriceByTheHour = (ofSeconds: Price): string =>
  formatPrice(((ofSeconds * SECONDS_PER_HOUR + 999_999n) / 1_000_000n) as Price);

/** One part of a bill: so many tokens at this price. */
export interface Charge {
  readonly tokens: number;
  readonly price: Price;
}

/**
 * What the charges cost together, rounded up to a whole micro-coin: nothing that has a price is free.
 * Tokens must be non-negative safe integers.
 */
export function costOf(charges: readonly Charge[]): Coins {
  let pico = 0n;
  for (const charge of charges) pico += BigInt(charge.tokens) * charge.price;
  return ((pico + 999_999_999_999n) / 1_000_000_000_000n) as Coins;
}

/** How many tokens at this price the amount affords; Infinity when the price is nothing. */
export function affordableTokens(amount: Coins, perMillion: Price): number {
  if (perMillion <= 0n) return Number.POSITIVE_INFINITY;
  if (amount <= 0n) return 0;
  return Number((amount * 1_000_000_000_000n) / perMillion);
}

function scaled(amount: number | string, digits: number): bigint {
  const text = typeof amount === 'number' ? plainDecimal(amount) : amount.trim();
  const match = DECIMAL.exec(text);
  if (!match) throw new RangeError(`not a decimal number: ${text.slice(0, 40)}`);
  const [, sign, whole = '0', fraction = ''] = match;
  const magnitude = BigInt(whole + fraction.slice(0, digits).padEnd(digits, '0'));
  return sign ? -magnitude : magnitude;
}

function plainDecimal(amount: number): string {
  const text = String(amount);
  return /e/i.test(text) ? amount.toFixed(amount < 1 && amount > -1 ? PICO_DIGITS : 0) : text;
}

function unscaled(amount: bigint, digits: number): string {
  const text = (amount < 0n ? -amount : amount).toString().padStart(digits + 1, '0');
  const fraction = text.slice(-digits).replace(/0+$/, '');
  return (amount < 0n ? '-' : '') + text.slice(0, -digits) + (fraction && `.${fraction}`);
}
