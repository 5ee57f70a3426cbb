// What the form for a new key says, and what is asked of the server for it.
import type { ApiKeyScope, CreateApiKeyInput } from '#lib/graphql/generated.ts';
import { ALL_SCOPES } from './api-keys.ts';

export const lifetimeTexts = () => ({
  none: 'Never',
  '30': 'In 30 days',
  '90': 'In 90 days',
  '365': 'In a year',
  date: 'On a date …',
});

export interface Wish {
  readonly name: string;
  readonly lifetime: keyof ReturnType<typeof lifetimeTexts>;
  /** The last day on which the key works, as `<input type="date">` writes it. */
  readonly lastDay: string;
  readonly scopes: readonly ApiKeyScope[];
  /** Coins, or nothing for no cap. */
  readonly cap: string;
}

const pad = (number: number): string => String(number).padStart(2, '0');

/** The day of a moment where the reader is, as `<input type="date">` writes it. */
export const dayOf = (at: Date): string =>
  `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;

function expiryOf({ lifetime, lastDay }: Wish, now: Date): Date | null {
  if (lifetime === 'none') return null;
  if (lifetime !== 'date') {
    const expiry = new Date(now);
    expiry.setDate(expiry.getDate() + Number(lifetime));
    return expiry;
  }
  const [year = 0, month = 1, day = 1] = lastDay.split('-').map(Number);
  return new Date(year, month - 1, day + 1);
}

/** Decimals are written with a comma by half of the world. */
const capOf = (text: string): string | null => text.trim().replace(',', '.') || null;

export function inputFor(wish: Wish, now: Date): CreateApiKeyInput {
  return {
    name: wish.name.trim(),
    expiresAt: expiryOf(wish, now)?.toISOString() ?? null,
    scopes: wish.scopes.length === ALL_SCOPES.length ? null : [...wish.scopes],
    costMax: capOf(wish.cap),
  };
}
