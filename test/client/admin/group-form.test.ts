import { expect, test } from 'vitest';
import {
  accessText,
  EMPTY,
  formOf,
  inputOf,
  poolText,
} from '../../../client/src/lib/admin/group-form.ts';

test('a group that is shown and saved again is the same group', () => {
  const pool = { unit: 'TOKENS', max: '500', refreshPerHour: '2.5', starting: '100' } as const;
  const access = { default: 'BLOCKED', allowed: ['a', 'b/c'], blocked: [] } as const;
  const group = {
    name: 'g',
    description: 'd',
    isActive: false,
    isLocked: false,
    definedAt: null,
    pool,
  };
  expect(
    inputOf(formOf({ ...group, access: { ...access, allowed: ['a', 'b/c'], blocked: [] } })),
  ).toEqual({
    name: 'g',
    description: 'd',
    isActive: false,
    pool: { unit: 'TOKENS', max: 500, refreshPerHour: 2.5, starting: 100 },
    access: { default: 'BLOCKED', allowed: ['a', 'b/c'], blocked: [] },
  });
});

test('no size is no pool, and a word is one without an end', () => {
  expect(inputOf({ ...EMPTY, max: ' ' }).pool).toBeNull();
  expect(inputOf({ ...EMPTY, max: 'Unlimited' }).pool).toEqual({ max: -2, unit: 'COINS' });
  expect(inputOf({ ...EMPTY, max: '0' }).pool).toMatchObject({ max: 0 });
  expect(inputOf({ ...EMPTY, max: '2,5' }).pool).toMatchObject({ max: 2.5 });
});

test('what a group grants is said in words', () => {
  expect(poolText({ pool: null })).toBe('no pool');
  expect(
    poolText({ pool: { unit: 'COINS', max: '500', refreshPerHour: '2', starting: '500' } }),
  ).toBe('500 coins, 2 an hour');
  expect(accessText({ access: { default: null, allowed: ['a'], blocked: ['b', 'c'] } })).toBe(
    'allows a; blocks b, c',
  );
});
