import { expect, test } from 'vitest';
import { ALL_SCOPES } from '../../../client/src/lib/key/api-keys.ts';
import { dayOf, inputFor, type Wish } from '../../../client/src/lib/key/wish.ts';

const now = new Date(2026, 10, 22, 15, 30);
const wish = (rest: Partial<Wish> = {}): Wish => ({
  name: ' laptop ',
  lifetime: 'none',
  lastDay: '',
  scopes: ALL_SCOPES,
  cap: '',
  ...rest,
});
const expiryOf = (rest: Partial<Wish>) => inputFor(wish(rest), now).expiresAt;

test('a key that nothing was said of has no limits', () => {
  expect(inputFor(wish(), now)).toEqual({
    name: 'laptop',
    expiresAt: null,
    scopes: null,
    costMax: null,
  });
});

test('a key lives for as many days as were chosen, or to the end of its last day', () => {
  expect(expiryOf({ lifetime: '30' })).toBe(new Date(2026, 11, 22, 15, 30).toISOString());
  expect(expiryOf({ lifetime: '365' })).toBe(new Date(2027, 10, 22, 15, 30).toISOString());
  expect(expiryOf({ lifetime: 'date', lastDay: '2026-12-31' })).toBe(
    new Date(2027, 0, 1).toISOString(),
  );
  expect(expiryOf({ lifetime: 'date', lastDay: dayOf(now) })).toBe(
    new Date(2026, 10, 23).toISOString(),
  );
});

test('scopes are named only when some are left out, and a cap may be written with a comma', () => {
  const input = inputFor(wish({ scopes: ['CHAT'], cap: ' 12,5 ' }), now);
  expect(input.scopes).toEqual(['CHAT']);
  expect(input.costMax).toBe('12.5');
});
