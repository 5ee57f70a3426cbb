import { expect, test } from 'vitest';
import { Grouped } from '../../../server/db/grouped.ts';

const refused = Object.assign(new Error('invalid input'), { code: '22P02' });

test('items that arrive together are written together, and each gets its own result', async () => {
  const groups: number[][] = [];
  const grouped = new Grouped<number, number>(async (items) => {
    groups.push([...items]);
    return items.map((item) => item * 2);
  });
  expect(await Promise.all([grouped.add(1), grouped.add(2), grouped.add(3)])).toEqual([2, 4, 6]);
  expect(groups).toEqual([[1, 2, 3]]);
});

test('what arrives while a group is being written forms the next', async () => {
  const gate = Promise.withResolvers<void>();
  const groups: number[][] = [];
  const grouped = new Grouped<number, number>(async (items) => {
    groups.push([...items]);
    if (groups.length === 1) await gate.promise;
    return items;
  });
  const first = grouped.add(1);
  await expect.poll(() => groups.length).toBe(1);
  const others = [grouped.add(2), grouped.add(3)];
  gate.resolve();
  await Promise.all([first, ...others]);
  expect(groups).toEqual([[1], [2, 3]]);
});

test('an item that the database refuses fails alone', async () => {
  const grouped = new Grouped<number, number>(async (items) => {
    if (items.includes(2)) throw refused;
    return items;
  });
  const results = await Promise.allSettled([grouped.add(1), grouped.add(2), grouped.add(3)]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

test('while the database is away a group fails as a whole, and is not tried item by item', async () => {
  let writes = 0;
  const grouped = new Grouped<number, number>(async () => {
    writes += 1;
    throw Object.assign(new Error('gone'), { code: 'ECONNREFUSED' });
  });
  const results = await Promise.allSettled([grouped.add(1), grouped.add(2)]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(writes).toBe(1);
});
