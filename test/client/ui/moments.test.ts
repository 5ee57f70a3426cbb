import { expect, test } from 'vitest';
import { formatDistance } from '../../../client/src/lib/ui/moments.ts';

const now = Date.parse('2026-11-22T12:00:00Z');
const minute = 60_000;
const day = 24 * 60 * minute;

test('a moment is told by its largest whole unit, and never as later than it is', () => {
  expect(formatDistance(now - 5 * minute, now)).toBe('5 minutes ago');
  expect(formatDistance(now + 2 * day - 1, now)).toBe('in 1 day');
  expect(formatDistance(now + 90 * day, now)).toBe('in 90 days');
  expect(formatDistance(now + 364 * day, now)).toBe('in 12 months');
  expect(formatDistance(now - 800 * day, now)).toBe('2 years ago');
});

test('what is less than a minute off is told without a number', () => {
  expect(formatDistance(now, now)).toBe('just now');
  expect(formatDistance(now - 59_000, now)).toBe('just now');
  expect(formatDistance(now + 59_000, now)).toBe('in less than a minute');
});
