import { expect, test } from 'vitest';
import { backoffMs } from '../../../client/src/lib/live/backoff.ts';

test('waiting doubles up to fifteen seconds', () => {
  expect([0, 1, 2, 3, 10, 2_000].map((attempt) => backoffMs(attempt, 1))).toEqual([
    300, 600, 1_200, 2_400, 15_000, 15_000,
  ]);
});

test('chance spreads the returns over the second half of the wait', () => {
  expect(backoffMs(3, 0)).toBe(1_200);
  expect(backoffMs(3, 0.5)).toBe(1_800);
});
