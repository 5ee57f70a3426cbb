import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { every, idOf, logs, refusalOf, reportOf, rollsUp } from './requests.ts';

let app: TestApp;
let ada: Person;
beforeAll(async () => {
  app = await startApp();
  ada = await app.person();
  const accountId = await idOf(ada);
  const times = [
    ...every(60, '2026-03-27T00:00:00Z', '2026-04-01T00:00:00Z'),
    ...every(30, '2026-10-23T00:00:00Z', '2026-10-28T00:00:00Z'),
  ];
  await logs(
    app,
    times.map((at) => ({ accountId, at })),
  );
  await rollsUp(app);
});
afterAll(() => app.close());

const bucketsOf = async (timeZone: string, from: string, to: string) => {
  const { unit, overTime } = await reportOf(ada, { timeZone, from, to });
  return [unit, ...overTime.map(({ start, requests }) => `${start.slice(5, 16)} ${requests}`)];
};

test('the day on which the clock goes forward has 23 hours, the one on which it goes back 25', async () => {
  expect(await bucketsOf('Europe/Berlin', '2026-03-27T23:00:00Z', '2026-03-30T22:00:00Z')).toEqual([
    'DAY',
    '03-27T23:00 24',
    '03-28T23:00 23',
    '03-29T22:00 24',
  ]);
  expect(await bucketsOf('Europe/Berlin', '2026-10-23T22:00:00Z', '2026-10-26T23:00:00Z')).toEqual([
    'DAY',
    '10-23T22:00 48',
    '10-24T22:00 50',
    '10-25T23:00 48',
  ]);
  const hours = await bucketsOf('Europe/Berlin', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z');
  expect(hours).toHaveLength(1 + 23);
  expect(new Set(hours.slice(1).map((bucket) => bucket.split(' ')[1]))).toEqual(new Set(['1']));
  expect(
    await bucketsOf('Europe/Berlin', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'),
  ).toHaveLength(1 + 25);
});

test('the heatmap shows no request in the hour that was left out, and those of both that were doubled', async () => {
  const spring = {
    timeZone: 'Europe/Berlin',
    from: '2026-03-28T23:00:00Z',
    to: '2026-03-29T22:00:00Z',
  };
  const sunday = (await reportOf(ada, spring)).heatmap[6];
  expect(sunday).toEqual(Array.from({ length: 24 }, (_, hour) => (hour === 2 ? 0 : 1)));
  const autumn = {
    timeZone: 'Europe/Berlin',
    from: '2026-10-24T22:00:00Z',
    to: '2026-10-25T23:00:00Z',
  };
  const back = (await reportOf(ada, autumn)).heatmap;
  expect(back[6]).toEqual(Array.from({ length: 24 }, (_, hour) => (hour === 2 ? 4 : 2)));
  expect(
    back
      .slice(0, 6)
      .flat()
      .every((requests) => requests === 0),
  ).toBe(true);
});

test('in a zone half an hour off, days and hours begin there', async () => {
  expect(await bucketsOf('Asia/Kolkata', '2026-10-23T18:30:00Z', '2026-10-26T18:30:00Z')).toEqual([
    'DAY',
    '10-23T18:30 48',
    '10-24T18:30 48',
    '10-25T18:30 48',
  ]);
  const { unit, overTime, heatmap } = await reportOf(ada, {
    timeZone: 'Asia/Kolkata',
    from: '2026-10-24T18:30:00Z',
    to: '2026-10-25T18:30:00Z',
  });
  expect([unit, overTime.length, overTime[1]?.start]).toEqual([
    'HOUR',
    24,
    '2026-10-24T19:30:00.000Z',
  ]);
  expect(heatmap[6]).toEqual(Array.from({ length: 24 }, () => 2));
});

test('weeks begin on Monday, months on their first day, and the first bucket where one asks from', async () => {
  const from = '2026-03-25T12:00:00Z';
  expect(await bucketsOf('UTC', from, '2026-06-01T00:00:00Z')).toEqual([
    'WEEK',
    '03-25T12:00 72',
    '03-30T00:00 48',
    ...['04-06', '04-13', '04-20', '04-27', '05-04', '05-11', '05-18', '05-25'].map(
      (day) => `${day}T00:00 0`,
    ),
  ]);
  const [unit, first, second] = await bucketsOf(
    'UTC',
    '2024-12-31T00:00:00Z',
    '2027-01-05T00:00:00Z',
  );
  expect([unit, first, second]).toEqual(['MONTH', '12-31T00:00 0', '01-01T00:00 0']);
});

test('a period ends now, and begins at midnight, on a Monday or with the first request', async () => {
  const weekdayOf = (date: string) => new Date(date).getUTCDay();
  const week = await reportOf(ada, {});
  expect([week.unit, week.overTime.length]).toEqual(['DAY', 7]);
  expect(Date.parse(week.to)).toBeGreaterThan(Date.now());
  expect((await reportOf(ada, { period: 'MONTH' })).overTime).toHaveLength(30);
  const year = await reportOf(ada, { period: 'YEAR' });
  expect([year.unit, year.overTime.length, weekdayOf(year.from)]).toEqual(['WEEK', 53, 1]);
  const all = await reportOf(ada, { period: 'ALL', timeZone: 'Europe/Berlin' });
  expect([all.unit, all.from, all.totals.requests]).toEqual([
    'MONTH',
    '2026-02-28T23:00:00.000Z',
    5 * 24 + 5 * 48,
  ]);
});

test.each([
  { timeZone: 'Mars/Olympus' },
  { timeZone: '+05:30' },
  { timeZone: "UTC'; select 1" },
  { from: '2026-01-01T00:00:00Z' },
  { to: '2026-01-01T00:00:00Z' },
  { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' },
  { from: '1000-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' },
  { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z', period: 'WEEK' },
  { model: '' },
])('a stretch of time that can’t be is refused: %j', async (filter) => {
  expect(await refusalOf(ada, filter)).toBe('INVALID');
});
