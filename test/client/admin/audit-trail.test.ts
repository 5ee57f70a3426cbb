import { expect, test } from 'vitest';
import { changesOf } from '../../../client/src/lib/admin/audit-trail.ts';

test.each([
  [{ unit: 'coins', left: '9.5' }, { unit: 'coins', left: '7' }, ['left: 9.5 → 7']],
  [
    null,
    { name: 'night job', expiresAt: null, groups: ['a'] },
    ['name: night job', 'groups: ["a"]'],
  ],
  [{ name: 'night job' }, null, ['name: night job → –']],
  [{ isActive: true }, { isActive: false }, ['isActive: true → false']],
  ['abc', 'def', ['"abc" → "def"']],
  [null, null, []],
])('of %j and %j only what is another now is told', (before, after, changes) => {
  expect(changesOf({ before, after })).toEqual(changes);
});
