import { expect, test } from 'vitest';
import { Intake } from '../../../server/upload/intake.ts';

/** How many files of each account get in when it sends as many as it can. */
const admitted = (intake: Intake, accounts: readonly string[]) =>
  accounts.map((account) => {
    let count = 0;
    try {
      for (;;) {
        intake.enter(account);
        count += 1;
      }
    } catch {
      return count;
    }
  });

test('few accounts never take the places of all: from twelve files on each has one', () => {
  const intake = new Intake();
  expect(admitted(intake, ['a', 'b', 'c', 'd', 'e', 'f'])).toEqual([4, 4, 4, 1, 1, 1]);
  expect(admitted(intake, ['g', 'a'])).toEqual([1, 0]);
});

test('no more than twenty-four arrive at a time, and who leaves makes room', () => {
  const intake = new Intake();
  const accounts = Array.from({ length: 24 }, (_, at) => `${at}`);
  const leaves = accounts.map((account) => intake.enter(account));
  expect(() => intake.enter('late')).toThrow('Many files arrive');
  leaves[0]?.();
  expect(() => intake.enter('late')).not.toThrow();
});
