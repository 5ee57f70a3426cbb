import { expect, test } from 'vitest';
import { type Claims, matchingGroups } from '../../../server/group/matching-groups.ts';
import { configOf, problemsOf, withModels } from '../config/read.ts';

const groupOf = (rules: string, more = '') =>
  configOf(withModels(`groups: { staff: { rules: ${rules} ${more} } }`));

const matches = async (rules: string, claims: Claims, more = '') =>
  matchingGroups(await groupOf(rules, more), claims).includes('staff');

const STAFF = '[{ field: affiliation, contains: staff@example }]';

test.each<[string, string, Claims, boolean]>([
  ['a part of a text', STAFF, { affiliation: 'member;staff@example.edu' }, true],
  ['not in another case', STAFF, { affiliation: 'Staff@Example.edu' }, false],
  ['of a list, one member', '[{ field: m, contains: ai }]', { m: ['hpc', 'ai'] }, true],
  ['of a list, no part of a member', '[{ field: m, contains: ai }]', { m: ['hpc', 'air'] }, false],
  ['a whole text', '[{ field: idp, equals: urn:a }]', { idp: 'urn:a' }, true],
  [
    'not a part, when it must be equal',
    '[{ field: idp, equals: urn:a }]',
    { idp: 'urn:ab' },
    false,
  ],
  ['no list, when it must be equal', '[{ field: m, equals: ai }]', { m: ['ai'] }, false],
  ['nothing that is not told', STAFF, {}, false],
  ['nothing that every object has', '[{ field: constructor, contains: Object }]', {}, false],
  ['no block', '[{ field: m, contains: ai }]', { m: { ai: true } }, false],
  ['no yes', '[{ field: m, contains: "true" }]', { m: true }, false],
  ['both, where a rule has both', '[{ field: m, contains: a, equals: ab }]', { m: 'ab' }, true],
  ['not one of both', '[{ field: m, contains: a, equals: ab }]', { m: 'abc' }, false],
])('a rule matches %s', async (_title, rules, claims, expected) => {
  expect(await matches(rules, claims)).toBe(expected);
});

const TWO = '[{ field: a, equals: x }, { field: b, equals: y }]';

test('all rules of a group must hold, unless it says any', async () => {
  expect(await matches(TWO, { a: 'x', b: 'y' })).toBe(true);
  expect(await matches(TWO, { a: 'x' })).toBe(false);
  expect(await matches(TWO, { a: 'x' }, ', match: any')).toBe(true);
  expect(await matches(TWO, { c: 'z' }, ', match: any')).toBe(false);
});

test('a group without rules is nobody’s by rule', async () => {
  expect(await matches('[]', { a: 'x' })).toBe(false);
  expect(await matches('[]', { a: 'x' }, ', match: any')).toBe(false);
});

test('a rule that would match everybody is an error, with its place', async () => {
  const text = withModels(`groups:
  staff:
    rules:
      - {}
      - { contains: x }
      - { field: affiliation }
      - { field: affiliation, contains: "" }
      - { field: "", equals: x }
      - { field: affiliation, equals: [a] }
    match: some`);
  const problems = await problemsOf(text);
  expect(problems.map((line) => line.replace(/^config.yaml:/, ''))).toEqual([
    '8:9: groups.staff.rules[0].field: missing; accepted is a text (in quotes, if it looks like a number)',
    '9:9: groups.staff.rules[1].field: missing; accepted is a text (in quotes, if it looks like a number)',
    '10:9: groups.staff.rules[2]: found a block of settings; accepted is a rule with contains or equals',
    '11:9: groups.staff.rules[3]: found a block of settings; accepted is a rule with contains or equals',
    '12:18: groups.staff.rules[4].field: missing; accepted is a text (in quotes, if it looks like a number)',
    '13:31: groups.staff.rules[5].equals: found a list; accepted is a text (in quotes, if it looks like a number)',
    '14:12: groups.staff.match: found "some"; accepted is all or any',
  ]);
});
