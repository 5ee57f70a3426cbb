import { expect, test } from 'vitest';
import { refillFigure, refillText } from '../../../client/src/lib/ui/refill.ts';

const pool = { unlimited: false, left: '4', held: '1', max: '10', refreshPerHour: '0.5' };

test.each([
  [pool, { value: '+0.5 an hour', more: 'full in 10 hours' }],
  [
    { ...pool, left: '9' },
    { value: '+0.5 an hour', more: 'full now' },
  ],
  [{ ...pool, refreshPerHour: '0' }, { value: 'none' }],
  [{ ...pool, unlimited: true }, { value: 'unlimited' }],
  [null, { value: '–' }],
])('the refill of a pool says when it is full', (of, figure) => {
  expect(refillFigure(of, 0)).toEqual(figure);
});

test.each([
  [pool, '0.5 an hour come back, full in 10 hours'],
  [{ ...pool, left: '9' }, '0.5 an hour come back'],
  [{ ...pool, refreshPerHour: '0' }, undefined],
  [{ ...pool, unlimited: true }, undefined],
  [null, undefined],
])('a sentence says what comes back, where something does', (of, sentence) => {
  expect(refillText(of, 0)).toBe(sentence);
});
