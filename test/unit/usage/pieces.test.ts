import { expect, test } from 'vitest';
import { type Piece, pieces, runsOf } from '../../../server/analytics/pieces.ts';
import { seeded } from '../../support/seeded.ts';

const at = (text: string) => Date.parse(text);
const shown = (cut: readonly Piece[]) =>
  cut.map(({ span, from, to, sign }) => [
    sign === 1 ? span : `-${span}`,
    ...[from, to].map((ms) => new Date(ms).toJSON().slice(0, 16)),
  ]);

test('a stretch is made of the longest spans, and what they have too much is taken off', () => {
  const stretch = { from: at('2026-01-28T23:30Z'), to: at('2026-03-08T01:00Z') };
  const spans = ['month', 'week', 'day', 'quarter'] as const;
  expect(shown(pieces(stretch, spans, at('2026-12-01')))).toEqual([
    ['quarter', '2026-01-28T23:30', '2026-01-29T00:00'],
    ['day', '2026-01-29T00:00', '2026-02-01T00:00'],
    ['month', '2026-02-01T00:00', '2026-03-01T00:00'],
    ['day', '2026-03-01T00:00', '2026-03-02T00:00'],
    ['week', '2026-03-02T00:00', '2026-03-09T00:00'],
    ['quarter', '2026-03-08T00:00', '2026-03-08T01:00'],
    ['-day', '2026-03-08T00:00', '2026-03-09T00:00'],
  ]);
});

test('a day of another clock is a day and two short ends', () => {
  const stretch = { from: at('2026-01-27T23:00Z'), to: at('2026-01-28T23:00Z') };
  expect(shown(pieces(stretch, ['month', 'week', 'day'], at('2026-12-01')))).toEqual([
    ['slice', '2026-01-27T23:00', '2026-01-28T00:00'],
    ['day', '2026-01-28T00:00', '2026-01-29T00:00'],
    ['-slice', '2026-01-28T23:00', '2026-01-29T00:00'],
  ]);
});

test('what is not rolled up yet is read from slices', () => {
  const stretch = { from: at('2026-02-01'), to: at('2026-03-01') };
  expect(shown(pieces(stretch, ['month', 'day'], at('2026-02-03T12:00Z')))).toEqual([
    ['day', '2026-02-01T00:00', '2026-02-03T00:00'],
    ['slice', '2026-02-03T00:00', '2026-03-01T00:00'],
  ]);
});

const countAt = (cut: readonly Piece[], moment: number) =>
  cut
    .filter(({ from, to }) => from <= moment && moment < to)
    .reduce((count, { sign }) => count + sign, 0);

test('every moment of the stretch counts once and no other, and no rollup is read that is not there', () => {
  const { int } = seeded(20_261_122);
  for (let round = 0; round < 500; round++) {
    const [start, until] = [int(1_600_000_000, 1_800_000_000), int(1_500_000_000, 1_900_000_000)];
    const [from, to] = [start * 1000, (start + int(1, 50_000_000)) * 1000];
    const cut = pieces({ from, to }, ['month', 'week', 'day', 'quarter'], until * 1000);
    for (const moment of [
      from,
      to,
      ...cut.map((piece) => piece.from),
      ...cut.map((piece) => piece.to),
    ])
      expect(countAt(cut, moment)).toBe(Number(from <= moment && moment < to));
    const rolled = cut.filter(({ span }) => span !== 'slice');
    expect(rolled.every((piece) => piece.to <= until * 1000)).toBe(true);
  }
});

test('an empty stretch has no pieces', () => {
  expect(pieces({ from: 5, to: 5 }, ['day'], 10)).toEqual([]);
});

const DAY_MS = 86_400_000;

test('the weeks of another clock are one run of weeks, and runs for their ends', () => {
  const first = at('2026-02-01T23:00Z');
  const cut = Array.from({ length: 52 }, (_, week) => week).flatMap((week) => {
    const from = first + week * 7 * DAY_MS;
    const stretch = { from, to: from + 7 * DAY_MS };
    return pieces(stretch, ['month', 'week', 'day'], at('2027-12-01')).map((piece) => ({
      ...piece,
      week,
    }));
  });
  const runs = runsOf(cut);
  const weeks = runs.filter(({ span }) => span === 'week');
  expect(weeks).toMatchObject([{ from: at('2026-02-02'), to: at('2027-02-01'), sign: 1 }]);
  expect(weeks[0]?.pieces.map(({ week }) => week)).toEqual(
    Array.from({ length: 52 }, (_, week) => week),
  );
  expect(runs.flatMap((run) => run.pieces)).toHaveLength(cut.length);
  for (const { from, to, pieces: parts } of runs) {
    expect([from, ...parts.map((part) => part.to)]).toEqual([
      ...parts.map((part) => part.from),
      to,
    ]);
  }
});
