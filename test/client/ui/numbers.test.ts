import { expect, test } from 'vitest';
import { coinsText } from '../../../client/src/lib/ui/coins.ts';
import {
  formatBalance,
  formatBytes,
  formatCost,
  formatDuration,
  formatSpeed,
} from '../../../client/src/lib/ui/numbers.ts';

test.each([
  ['0', '0'],
  ['0.000134', '0.000134'],
  ['0.00000012345', '0.0000001235'],
  ['0.0213', '0.0213'],
  ['1.25', '1.25'],
  ['3.14159', '3.142'],
  ['123.456', '123.5'],
  ['12345.6', '12,346'],
])('a cost of %s is written %s', (cost, written) => {
  expect(formatCost(cost)).toBe(written);
});

test.each([
  ['10', '10.00'],
  ['9.9987', '9.9987'],
  ['9.999666999', '9.999666'],
  ['123.45678', '123.4567'],
  ['20000.129', '20,000.12'],
  ['-0.5', '-0.50'],
])('a balance of %s is written %s and never promises too much', (balance, written) => {
  expect(formatBalance(balance)).toBe(written);
});

test.each([
  ['1', '1 coin'],
  ['0', '0 coins'],
  ['0.000134', '0.000134 coins'],
  ['1.25', '1.25 coins'],
  ['12345', '12,345 coins'],
])('coins that are %s are called “%s”', (coins, text) => {
  expect(coinsText(coins)).toBe(text);
});

test('a size is written short, and never smaller than it is', () => {
  expect(
    [0, 581, 1024, 82_000, 1_200_000, 10 * 2 ** 20, 10 * 2 ** 20 + 1].map(formatBytes),
  ).toEqual(['0 B', '581 B', '1 KB', '81 KB', '1.2 MB', '10 MB', '11 MB']);
});

test('speeds and durations carry their units', () => {
  expect(formatSpeed(87.4)).toBe('87 tok/s');
  expect(formatSpeed(3.14)).toBe('3.1 tok/s');
  expect(formatDuration(312)).toBe('312 ms');
  expect(formatDuration(1_234)).toBe('1.2 s');
  expect(formatDuration(120_000)).toBe('2 min');
});
