import { expect, test } from 'vitest';
import { csv } from '../../../client/src/lib/ui/csv.ts';

test('a table keeps commas, quotes and line breaks within their cells', () => {
  expect(csv(['name', 'note'], [['a, b', 'said "no"\nand left']])).toBe(
    'name,note\r\n"a, b","said ""no""\nand left"\r\n',
  );
});

test('no cell is taken for a formula, and numbers stay numbers', () => {
  const hostile = ['=1+1', '+1+1', '-1+1', '@SUM(A1)', '\t=1', '\r=1', '=HYPERLINK("http://x")'];
  const lines = hostile.map((cell) => csv(['a'], [[cell]]).slice('a\r\n'.length));
  for (const line of lines) expect(line.replace(/^"/, '')).toMatch(/^'/);
  expect(csv(['a', 'b', 'c'], [[-1.5, '-0.000001', 0]])).toBe('a,b,c\r\n-1.5,-0.000001,0\r\n');
});

test('nothing is an empty cell', () => {
  expect(csv(['a', 'b'], [[null, undefined]])).toBe('a,b\r\n,\r\n');
});
