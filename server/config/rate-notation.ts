/** Limits on the number of requests, in the notation of the original's files: `30 per minute`, `10/second; 1000 per 2 hours`. */

/** At most `requests` in a window of `seconds`. */
export interface Rate {
  readonly requests: number;
  readonly seconds: number;
}

export const RATES_ACCEPTED =
  'a limit such as 30 per minute, 10/second or 1000 per 2 hours (units: second, minute, hour, day, month, year), several joined by ; or ",", or the word unlimited';

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 24 * 3600,
  month: 30 * 24 * 3600,
  year: 360 * 24 * 3600,
};
const UNLIMITED = 'unlimited';
const RATE =
  /^([1-9]\d{0,8})\s*(?:\/|per)\s*([1-9]\d{0,3})?\s*(second|minute|hour|day|month|year)s?$/i;

/** One rate for each window, the shortest first; none is no limit. Null when the text says something else. */
export function parseRates(text: string): readonly Rate[] | null {
  if (text.trim().toLowerCase() === UNLIMITED) return [];
  const rates = text.split(/[;,]/).map((part) => parseRate(part.trim()));
  if (!rates.every((rate) => rate !== null)) return null;
  const strictest = new Map<number, Rate>();
  for (const rate of rates) {
    const known = strictest.get(rate.seconds);
    if (!known || rate.requests < known.requests) strictest.set(rate.seconds, rate);
  }
  return [...strictest.values()].sort((a, b) => a.seconds - b.seconds);
}

function parseRate(text: string): Rate | null {
  const [, requests, multiple = '1', unit = ''] = RATE.exec(text) ?? [];
  const seconds = Number(multiple) * (UNIT_SECONDS[unit.toLowerCase()] ?? 0);
  return requests === undefined ? null : { requests: Number(requests), seconds };
}
