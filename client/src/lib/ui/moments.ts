// How moments are written: how far they are off where they stand, and exactly in the title.
import { locale } from './language.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Each with its size, and from where on it is used: who chose 90 days reads no months. */
const units = [
  ['year', 365 * DAY_MS, 365 * DAY_MS],
  ['month', 30 * DAY_MS, 100 * DAY_MS],
  ['day', DAY_MS, DAY_MS],
  ['hour', HOUR_MS, HOUR_MS],
  ['minute', MINUTE_MS, MINUTE_MS],
] as const;

const distances = new Intl.RelativeTimeFormat(locale, { numeric: 'always' });
const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' });

/** "5 minutes ago", "in 90 days". Cut and not rounded: what ends in 47 hours does not end in two days. */
export function formatDistance(at: number, now: number): string {
  const ms = at - now;
  const unit = units.find(([, , from]) => Math.abs(ms) >= from);
  if (!unit) return ms > 0 ? 'in less than a minute' : 'just now';
  return distances.format(Math.trunc(ms / unit[1]), unit[0]);
}

/** "November 22, 2026 at 3:07 PM", in the reader's own time zone. */
export const formatMoment = (at: number): string => exact.format(at);
