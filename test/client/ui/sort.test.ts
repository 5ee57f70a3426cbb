import { expect, test } from 'vitest';
import { oneOf, withParameters } from '../../../client/src/lib/ui/query.ts';
import { orderOf, sortHead } from '../../../client/src/lib/ui/sort.ts';

const url = (search: string) => new URL(`https://lumen.example/models${search}`);
const COLUMNS = ['name', 'cost'] as const;
const FIRST = { by: 'name', descending: false } as const;

test('an address changes in the parameters that are named, and keeps the others', () => {
  expect(withParameters(url('?a=1&b=2'), { a: undefined, c: 'x y' })).toBe('?b=2&c=x+y');
});

test('what an address says wrongly counts as not said', () => {
  expect(oneOf(url('?period=century'), 'period', ['week', 'month'])).toBe('week');
  expect(orderOf(url('?sort=secrets&descending=yes'), COLUMNS, FIRST)).toEqual(FIRST);
});

test('a first click shows the largest amounts or the first letters, a second one the reverse', () => {
  const start = orderOf(url(''), COLUMNS, FIRST);
  expect(sortHead(url(''), start, 'cost', true)).toMatchObject({
    href: '?sort=cost&descending=yes',
    order: undefined,
  });
  const byCost = url('?sort=cost&descending=yes&after=cursor');
  const order = orderOf(byCost, COLUMNS, FIRST);
  expect(sortHead(byCost, order, 'cost', true)).toMatchObject({
    href: '?sort=cost',
    order: 'descending',
  });
  expect(sortHead(byCost, order, 'name').href).toBe('?sort=name');
});
