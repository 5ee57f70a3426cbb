import { expect, test } from 'vitest';
import { Gate } from '../../../server/kernel/gate.ts';

test('so many enter at a time, the others in order, also past work that fails', async () => {
  const gate = new Gate(2);
  const entered: number[] = [];
  const works = Array.from({ length: 5 }, () => Promise.withResolvers<number>());
  const done = works.map(({ promise }, at) =>
    gate.run(() => {
      entered.push(at);
      return promise;
    }),
  );
  expect(entered).toEqual([0, 1]);
  works[1]?.reject(new Error('broken'));
  await expect(done[1]).rejects.toThrow('broken');
  await expect.poll(() => entered).toEqual([0, 1, 2]);
  works[0]?.resolve(0);
  works[2]?.resolve(2);
  expect(await Promise.all([done[0], done[2]])).toEqual([0, 2]);
  await expect.poll(() => entered).toEqual([0, 1, 2, 3, 4]);
  works[3]?.resolve(3);
  works[4]?.resolve(4);
  expect(await Promise.all(done.slice(3))).toEqual([3, 4]);
  expect(await gate.run(async () => 'free')).toBe('free');
});
