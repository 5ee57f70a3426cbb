import { expect, test } from 'vitest';
import { poolPolicy } from '../../../server/budget/pool-policy.ts';
import { coins } from '../../../server/kernel/coins.ts';
import { configOf } from '../config/read.ts';

const ADA = {
  kind: 'person',
  email: 'ada@example.org',
  slug: null,
  groups: [],
  limit: null,
} as const;
const ROBOT = { kind: 'project', email: null, slug: 'robot', groups: [], limit: null } as const;

/** What may be spent by Ada under a configuration: `null`, or the size of her pool. */
async function sizeFor(text: string, account: Parameters<typeof poolPolicy>[1] = ADA) {
  return poolPolicy(await configOf(text), account)?.max ?? null;
}

const GROUPS = `
groups:
  default: { max: 10 }
  staff: { max: 50 }
  guests: { max: 0 }
  admins: { max: -2 }
`;
const memberOf = (...names: string[]) =>
  `${GROUPS}\nusers: { ada@example.org: { groups: [${names.join(', ')}] } }`;

test.each([
  ['of everybody when nothing else is said', 'defaults: { tokens: { max: 5 } }', coins(5)],
  ['none when nothing is said at all', 'defaults: { models: { access: allowed } }', null],
  ['none when the default is 0', 'defaults: { tokens: { max: 0 } }', null],
  ['of the group named default', GROUPS, coins(10)],
  ['the largest of the groups', memberOf('staff'), coins(50)],
  ['an unlimited one before any other', memberOf('staff', 'admins'), 'unlimited'],
  ['not of a group whose max is 0', memberOf('guests'), coins(10)],
])('the pool that pays is %s', async (_what, text, size) => {
  expect(await sizeFor(text)).toBe(size);
});

test('a group without any pool leaves the default one', async () => {
  const text = 'defaults: { tokens: { max: 5 } }\ngroups: { default: {}, other: { max: 9 } }';
  expect(await sizeFor(text)).toBe(coins(5));
});

test('groups that all grant nothing leave the default one', async () => {
  const text = 'defaults: { tokens: { max: 5 } }\ngroups: { default: { max: 0 } }';
  expect(await sizeFor(text)).toBe(coins(5));
});

test("a person's own pool replaces those of the groups, be it smaller", async () => {
  const text = `${GROUPS}\nusers: { Ada@Example.org: { groups: [admins], max: 3 } }`;
  expect(await sizeFor(text)).toBe(coins(3));
});

test("a person's own 0 denies what groups grant", async () => {
  const text = `${GROUPS}\nusers: { ada@example.org: { groups: [admins], max: 0 } }`;
  expect(await sizeFor(text)).toBeNull();
});

test('a project is in no group: the default pool is its', async () => {
  const text = `${GROUPS}\ndefaults: { tokens: { max: 5 } }`;
  expect(await sizeFor(text, ROBOT)).toBe(coins(5));
});

test('the oldest form counts tokens, beside groups that count coins', async () => {
  const text = 'groups: { default: { default: { max: 1000, refresh: 10, starting: 500 } } }';
  expect(poolPolicy(await configOf(text), ADA)).toEqual({
    unit: 'tokens',
    max: coins(1000),
    refreshPerHour: coins(10),
    starting: coins(500),
  });
});
