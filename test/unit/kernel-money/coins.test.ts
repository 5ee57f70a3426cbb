import { expect, test } from 'vitest';
import {
  affordableTokens,
  type Coins,
  coins,
  costOf,
  formatCoins,
  formatPrice,
  formatPriceByTheHour,
  type Price,
  price,
  priceByTheHour,
} from '../../../server/kernel/coins.ts';
import { seeded } from '../../support/seeded.ts';

const PICO_PER_MICRO = 1_000_000_000_000n;

test.each([
  [0, 0n, '0'],
  [10, 10_000_000n, '10'],
  ['9.99976', 9_999_760n, '9.99976'],
  ['0.000001', 1n, '0.000001'],
  [1e-6, 1n, '0.000001'],
  [-0.5, -500_000n, '-0.5'],
  [' 7.50 ', 7_500_000n, '7.5'],
  [1e12, 1_000_000_000_000_000_000n, '1000000000000'],
])('%j coins are %d micro-coins, written %s', (amount, micro, text) => {
  expect(coins(amount)).toBe(micro);
  expect(formatCoins(coins(amount))).toBe(text);
});

test.each([
  [1e-9, 1_000n, '0.000000001'],
  ['0.000000001', 1_000n, '0.000000001'],
  [1.5e-7, 150_000n, '0.00000015'],
  [0.1, 100_000_000_000n, '0.1'],
  [2.5, 2_500_000_000_000n, '2.5'],
  [1e6, 1_000_000_000_000_000_000n, '1000000'],
])('a price of %j keeps every digit', (perMillion, pico, text) => {
  expect(price(perMillion)).toBe(pico);
  expect(formatPrice(price(perMillion))).toBe(text);
});

test.each([
  Number.NaN,
  Number.POSITIVE_INFINITY,
  '',
  'ten',
  '1e3',
  '1,5',
  '0x10',
  '1.',
  '.5',
  '1 2',
])('%j is no amount', (amount) => {
  expect(() => coins(amount)).toThrow(RangeError);
  expect(() => price(amount)).toThrow(RangeError);
});

test('R13 whatever has a price costs at least a micro-coin, and what has none costs nothing', () => {
  expect(costOf([{ tokens: 1, price: price(1e-9) }])).toBe(1n);
  expect(costOf([{ tokens: 1, price: price(0) }])).toBe(0n);
  expect(costOf([{ tokens: 0, price: price(1e6) }])).toBe(0n);
  expect(costOf([])).toBe(0n);
});

test('R13 a cost is rounded up once, for all parts of a bill together', () => {
  const third = { tokens: 1, price: price('0.4') };
  expect(costOf([third])).toBe(1n);
  expect(costOf([third, third])).toBe(1n);
  expect(costOf([third, third, third])).toBe(2n);
  expect(costOf([{ tokens: 1_000_000, price: price(1) }])).toBe(coins(1));
  expect(costOf([{ tokens: 2 ** 31, price: price(1e6) }])).toBe(coins(2 ** 31));
});

test('R13 the cost is exact at every price from 1e-9 to 1e6 and every count up to 2^31', () => {
  const random = seeded(13);
  for (let at = 0; at < 20_000; at += 1) {
    const perMillion = price((10 ** (random.fraction() * 15 - 9)).toFixed(12));
    const tokens = Math.floor(2 ** (random.fraction() * 31));
    const exact = BigInt(tokens) * perMillion;
    const cost = costOf([{ tokens, price: perMillion }]) * PICO_PER_MICRO;
    expect(cost - exact).toBeGreaterThanOrEqual(0n);
    expect(cost - exact).toBeLessThan(PICO_PER_MICRO);
  }
});

test('R13 a million random bills taken one by one leave exactly what their sum leaves', () => {
  const random = seeded(1_000_000);
  const perMillion = price('0.123456789');
  let balance = coins(1_000_000) as bigint;
  let sum = 0n;
  for (let at = 0; at < 1_000_000; at += 1) {
    const cost = costOf([{ tokens: random.int(0, 4096), price: perMillion }]);
    balance -= cost;
    sum += cost;
  }
  expect(balance + sum).toBe(coins(1_000_000));
  expect(coins(formatCoins(balance as Coins))).toBe(balance);
});

test('what is affordable can be paid, and one token more can not', () => {
  const random = seeded(7);
  for (let at = 0; at < 5_000; at += 1) {
    const perMillion = BigInt(random.int(1, 2 ** 31)) as Price;
    const amount = BigInt(random.int(1, 2 ** 20)) as Coins;
    const tokens = affordableTokens(amount, perMillion);
    expect(costOf([{ tokens, price: perMillion }])).toBeLessThanOrEqual(amount);
    expect(costOf([{ tokens: tokens + 1, price: perMillion }])).toBeGreaterThan(amount);
  }
});

test('nothing affords nothing, unless it is free', () => {
  expect(affordableTokens(0n as Coins, price(1))).toBe(0);
  expect(affordableTokens(-5n as Coins, price(1))).toBe(0);
  expect(affordableTokens(0n as Coins, price(0))).toBe(Number.POSITIVE_INFINITY);
});

test.each(['0', '0.000001', '0.1', '3.6', '7', '1234567.890123456789'])(
  'an hour at %s coins is written as it was given',
  (perHour) => {
    expect(formatPriceByTheHour(priceByTheHour(perHour))).toBe(perHour);
  },
);
