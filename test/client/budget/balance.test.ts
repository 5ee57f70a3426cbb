import { expect, test } from 'vitest';
import { balanceText, shareLeft } from '../../../client/src/lib/budget/balance.ts';

const pool = {
  unit: 'COINS' as const,
  unlimited: false,
  left: '9.9987',
  held: '0',
  max: '20',
  refreshPerHour: '1',
};

test('the balance is said in its unit', () => {
  expect(balanceText(pool)).toBe('9.9987 coins left');
  expect(balanceText({ ...pool, unit: 'TOKENS', left: '1250000' })).toBe('1.3M tokens left');
  expect(balanceText({ ...pool, unlimited: true })).toBe('Unlimited coins');
  expect(balanceText(null)).toBe('No budget');
});

test('the bar stays between empty and full', () => {
  expect(shareLeft({ ...pool, left: '5' })).toBe(0.25);
  expect(shareLeft({ ...pool, left: '-1' })).toBe(0);
  expect(shareLeft({ ...pool, left: '30' })).toBe(1);
  expect(shareLeft({ ...pool, max: '0' })).toBe(0);
});
