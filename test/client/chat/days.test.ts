import { expect, test } from 'vitest';
import { byDay, untilTomorrowMs } from '../../../client/src/lib/chat/days.ts';

const now = new Date(2026, 10, 22, 15, 30);
const at = (...date: [number, number, number, number?]) => ({
  updatedAt: new Date(...date).toISOString(),
});

test('conversations are grouped by the reader’s own days', () => {
  const today = at(2026, 10, 22, 0);
  const yesterday = at(2026, 10, 21, 23);
  const weekOld = at(2026, 10, 15, 0);
  const older = at(2026, 10, 14, 23);
  expect(byDay([today, yesterday, weekOld, older], now)).toEqual([
    { heading: 'Today', items: [today] },
    { heading: 'Yesterday', items: [yesterday] },
    { heading: 'Previous 7 days', items: [weekOld] },
    { heading: 'Older', items: [older] },
  ]);
});

test('days without conversations have no heading, and what the clock calls future is today', () => {
  const future = at(2026, 10, 23, 9);
  expect(byDay([future], now)).toEqual([{ heading: 'Today', items: [future] }]);
  expect(byDay([], now)).toEqual([]);
});

test('the grouping is due again at midnight', () => {
  expect(untilTomorrowMs(now)).toBe(8.5 * 3_600_000);
});
