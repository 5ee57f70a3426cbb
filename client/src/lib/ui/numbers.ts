// How amounts are written in the reader's language. Decimals arrive as exact strings; they become floats only here, to
// be read by people.
import { locale } from './language.ts';

const counts = new Intl.NumberFormat(locale);
const short = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });

const costs = new Intl.NumberFormat(locale, { maximumSignificantDigits: 4 });

const lists = new Intl.ListFormat(locale);

const withDigits = (value: number, digits: number): string =>
  new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);

/** "a, b, and c". */
export const formatList = (names: readonly string[]): string => lists.format(names);
export const formatCount = (count: number): string => counts.format(count);
export const formatCompact = (count: number): string => short.format(count);

/** All digits of a decimal, as the reader's language separates them. */
export const formatExact = (decimal: string): string =>
  decimal.replace('.', counts.formatToParts(0.5)[1]?.value ?? '.');

/** A cost, which may be tiny: four significant digits, never in powers of ten ("0.000134", "1.25"). */
export function formatCost(decimal: string | number): string {
  const value = Number(decimal);
  if (value === 0) return '0';
  if (Math.abs(value) >= 10_000) return counts.format(Math.round(value));
  return costs.format(value);
}

/**
 * A balance: two to six decimals, cut and not rounded, so that it visibly falls and never promises too much; among the
 * balances of others, fewer will do.
 */
export function formatBalance(decimal: string, digitsMax = 6): string {
  const value = Number(decimal);
  const digits = Math.min(Math.abs(value) >= 1_000 ? 2 : Math.abs(value) >= 100 ? 4 : 6, digitsMax);
  return new Intl.NumberFormat(locale, {
    minimumFractionDigits: 2,
    maximumFractionDigits: digits,
    roundingMode: 'floor',
  }).format(value);
}

export function formatSpeed(tokensPerSecond: number): string {
  const digits = tokensPerSecond < 10 ? 1 : 0;
  return `${withDigits(tokensPerSecond, digits)} tok/s`;
}

export const formatPing = (ms: number): string => `${withDigits(ms, ms < 10 ? 1 : 0)} ms`;

export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${withDigits(ms / 1_000, 1)} s` : `${Math.round(ms / 60_000)} min`;
}

const BYTE_UNITS = ['B', 'KB', 'MB', 'GB'];

/** In units of 1,024, rounded up, so that what is too large never looks as if it were not: "1.5 MB". */
export function formatBytes(bytes: number): string {
  let [size, unit] = [bytes, 0];
  while (size >= 1024 && unit < BYTE_UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  const shown = size < 10 && unit > 0 ? Math.ceil(size * 10) / 10 : Math.ceil(size);
  return `${counts.format(shown)} ${BYTE_UNITS[unit]}`;
}
