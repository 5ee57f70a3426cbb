// How amounts are written. Decimals arrive as exact strings; they become floats only here, to be read by people.

const counts = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export const formatCount = (count: number): string => counts.format(count);
export const formatCompact = (count: number): string => short.format(count);

/** A cost, which may be tiny: four significant digits, never in powers of ten ("0.000134", "1.25"). */
export function formatCost(decimal: string): string {
  const value = Number(decimal);
  if (value === 0) return '0';
  if (Math.abs(value) >= 10_000) return counts.format(Math.round(value));
  return new Intl.NumberFormat('en', { maximumSignificantDigits: 4 }).format(value);
}

/**
 * A balance: two to six decimals, cut and not rounded, so that it visibly falls and never promises too much; among the
 * balances of others, fewer will do.
 */
export function formatBalance(decimal: string, digitsMax = 6): string {
  const value = Number(decimal);
  const digits = Math.min(Math.abs(value) >= 1_000 ? 2 : Math.abs(value) >= 100 ? 4 : 6, digitsMax);
  return new Intl.NumberFormat('en', {
    minimumFractionDigits: 2,
    maximumFractionDigits: digits,
    roundingMode: 'floor',
  }).format(value);
}

export function formatSpeed(tokensPerSecond: number): string {
  const digits = tokensPerSecond < 10 ? 1 : 0;
  return `${tokensPerSecond.toFixed(digits)} tok/s`;
}

export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
}

/** In megabytes of a million bytes, from a thousand of them on in gigabytes. */
export function formatBytes(bytes: number): string {
  const megabytes = bytes / 1e6;
  if (megabytes >= 1_000) return `${(megabytes / 1_000).toFixed(1)} GB`;
  return `${megabytes < 10 ? megabytes.toFixed(1) : Math.round(megabytes)} MB`;
}
