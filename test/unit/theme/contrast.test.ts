import { expect, test } from 'vitest';
import { contrast, mixed } from '../../../server/theme/contrast.ts';

test('contrast is that of WCAG 2.1, whichever colour is in front', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 10);
  expect(contrast('#ffffff', '#000000')).toBeCloseTo(21, 10);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.478, 3);
  expect(contrast('#ff0000', '#ffffff')).toBeCloseTo(3.998, 3);
  expect(contrast('#0a0a0a', '#0a0a0a')).toBe(1);
});

test('mixing goes from one colour to the other', () => {
  expect(mixed('#102030', '#ffffff', 0)).toBe('#102030');
  expect(mixed('#102030', '#ffffff', 1)).toBe('#ffffff');
  expect(mixed('#000000', '#ff0080', 0.5)).toBe('#800040');
});
