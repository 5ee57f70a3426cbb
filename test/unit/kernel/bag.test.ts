import { expect, test } from 'vitest';
import { Bag } from '../../../server/kernel/bag.ts';

test('holds what was put in and not taken out, in whatever order things come and go', () => {
  const bag = new Bag<number>();
  const expected = new Map<number, () => void>();
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (let item = 0; item < 2_000; item += 1) {
    expected.set(item, bag.add(item));
    while (expected.size > 0 && random(2) === 0) {
      const [gone, remove] = [...expected][random(expected.size)] ?? [];
      remove?.();
      expected.delete(gone ?? -1);
    }
    expect(bag.size).toBe(expected.size);
  }
  expect(new Set(bag.items())).toEqual(new Set(expected.keys()));
});

test('taking out twice takes out nothing else', () => {
  const bag = new Bag<string>();
  const remove = bag.add('first');
  bag.add('second');
  remove();
  remove();
  bag.add('third');
  remove();
  expect(bag.items().toSorted()).toEqual(['second', 'third']);
});

test('what is taken out meanwhile does not disturb those who look through it', () => {
  const bag = new Bag<() => void>();
  const ended: number[] = [];
  for (const number of [1, 2, 3]) {
    const remove = bag.add(() => {
      ended.push(number);
      remove();
    });
  }
  for (const end of bag.items()) end();
  expect(ended).toEqual([1, 2, 3]);
  expect(bag.size).toBe(0);
});
