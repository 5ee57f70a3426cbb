import { expect, test } from 'vitest';
import { barsOf, bucketName, roundAbove } from '../../../client/src/lib/usage/chart.ts';
import { emptyAt } from '../../../client/src/lib/usage/forecast.ts';
import { filterOf, isOwn, queryText } from '../../../client/src/lib/usage/usage-filter.ts';

const HOUR_MS = 3_600_000;
const url = (search: string) => new URL(`https://lumen.example/usage${search}`);

test('an address without a word asks for the week of the viewer, in their time zone', () => {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  expect(filterOf(url(''), true)).toEqual({ period: 'WEEK', timeZone });
  expect(filterOf(url('?period=century'), false)).toMatchObject({ period: 'WEEK' });
});

test('both days that are chosen are in the time between them', () => {
  const filter = filterOf(url('?period=custom&from=2026-11-01&to=2026-11-02'), false);
  expect(filter).toMatchObject({
    from: new Date(2026, 10, 1).toISOString(),
    to: new Date(2026, 10, 3).toISOString(),
  });
  expect(filterOf(url('?period=custom&from=2026-11-01'), false)).toMatchObject({ period: 'WEEK' });
});

test('everybody is asked for by administrators only, and not beside one account', () => {
  expect(isOwn(filterOf(url('?everyone=yes'), true))).toBe(false);
  expect(isOwn(filterOf(url('?everyone=yes'), false))).toBe(true);
  expect(filterOf(url('?everyone=yes&account=a'), true)).not.toHaveProperty('everyone');
});

test('a query that is copied says the same filter, with names quoted and words of the API bare', () => {
  expect(queryText({ period: 'WEEK', model: 'a "b"' }, 'heatmap')).toBe(
    '{\n  usage(filter: { period: WEEK, model: "a \\"b\\"" }) {\n    heatmap\n  }\n}\n',
  );
});

test('a pool lasts as long as what is left pays for what is spent beyond the refill', () => {
  const spent = { amount: 30, from: 0, to: 10 * HOUR_MS };
  expect(emptyAt({ left: 8, refreshPerHour: 1 }, spent, 10 * HOUR_MS)).toBe(14 * HOUR_MS);
  expect(emptyAt({ left: 8, refreshPerHour: 3 }, spent, 10 * HOUR_MS)).toBeUndefined();
});

test('a pace is that of the time that has passed, and not of the time to come', () => {
  const spent = { amount: 10, from: 0, to: 100 * HOUR_MS };
  expect(emptyAt({ left: 10, refreshPerHour: 0 }, spent, 10 * HOUR_MS)).toBe(20 * HOUR_MS);
});

test('an axis ends at a round number that no bar passes', () => {
  expect([0, 0.003, 1, 7, 10, 11, 260, 2_400_000].map(roundAbove)).toEqual([
    1, 0.005, 1, 10, 10, 20, 500, 2_500_000,
  ]);
});

test('bars stand on each other and within their frame, however many there are', () => {
  const bars = barsOf(
    Array.from({ length: 400 }, () => [1, 3]),
    { width: 200, height: 100, top: 4 },
  );
  for (const { x, width, parts } of bars) {
    expect(x).toBeGreaterThanOrEqual(-1);
    expect(x + width).toBeLessThanOrEqual(201);
    expect(parts).toEqual([
      { y: 75, height: 25 },
      { y: 0, height: 75 },
    ]);
  }
});

test('a stretch of time is named by the clock of the report', () => {
  expect(bucketName('2026-11-21T23:00:00Z', 'DAY', 'Europe/Berlin')).toBe('Nov 22');
});
