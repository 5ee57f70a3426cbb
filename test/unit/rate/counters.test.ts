import { pino } from 'pino';
import { afterEach, expect, test, vi } from 'vitest';
import { Counters } from '../../../server/rate/counters.ts';

const DAY = 86_400;

afterEach(() => vi.useRealTimers());

function counters() {
  vi.useFakeTimers({ now: 0 });
  return Counters.open(null, pino({ level: 'silent' }));
}

test.each([1, 60, DAY, 30 * DAY, 360 * DAY])(
  'a window of %i seconds is counted until it ends, and no longer',
  async (seconds) => {
    const own = counters();
    const rate = { requests: 1, seconds };
    const count = async () => (await own.count('ada', rate)).count;
    expect([await count(), await count()]).toEqual([1, 2]);
    vi.advanceTimersByTime(seconds * 1000 - 1);
    expect(await own.count('ada', rate)).toMatchObject({ count: 3, resetSeconds: 1 });
    vi.advanceTimersByTime(1);
    expect(await own.count('ada', rate)).toMatchObject({ count: 1, resetSeconds: seconds });
  },
);

test('everybody has a count of their own, in each window', async () => {
  const own = counters();
  await own.count('ada', { requests: 1, seconds: 60 });
  expect(await own.count('bob', { requests: 1, seconds: 60 })).toMatchObject({ count: 1 });
  expect(await own.count('ada', { requests: 1, seconds: 1 })).toMatchObject({ count: 1 });
});

test('R34 nobody waits longer than a window for the next one, also when the clock is set back', async () => {
  const own = counters();
  vi.setSystemTime(DAY * 2000);
  const rate = { requests: 1, seconds: 60 };
  await own.count('ada', rate);
  vi.setSystemTime(DAY * 1000);
  expect(await own.count('ada', rate)).toMatchObject({ count: 2, resetSeconds: 60 });
});
