import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import {
  ADD,
  CREATE,
  config,
  DELETE,
  type Group,
  LIST,
  ONE,
  REMOVE,
  UPDATE,
} from './operations.ts';

let app: TestApp;
let admin: Person;
beforeAll(async () => {
  app = await startApp({ config });
  admin = await app.person('dev@example.com');
});
afterAll(() => app.close());

let made = 0;
/** A group with a name of its own. */
async function makes(input: object = {}, by = admin): Promise<string> {
  made += 1;
  const name = `group ${made}`;
  await by.asks(CREATE, { input: { name, ...input } });
  return name;
}

const adds = (group: string, { email }: Person, by = admin) => by.asks(ADD, { group, email });
const groupNamed = async (name: string) =>
  (await admin.asks<{ group: Group | null }>(ONE, { name })).group;
test('a group is given as it was defined, and is among all groups', async () => {
  const ada = await app.person();
  const name = await makes({
    description: 'Those who try things.',
    pool: { unit: 'TOKENS', max: 1000 },
    access: { default: 'ALLOWED', allowed: ['fake'], blocked: ['other'] },
  });
  await adds(name, ada);
  const expected = {
    name,
    description: 'Those who try things.',
    isLocked: false,
    isActive: true,
    pool: { unit: 'TOKENS', max: '1000', refreshPerHour: '0', starting: '1000' },
    access: { default: 'ALLOWED', allowed: ['fake'], blocked: ['other'] },
    rules: [],
    match: 'ALL',
    members: { nodes: [{ email: ada.email, isByRule: false, isByHand: true }], next: null },
  };
  expect(await groupNamed(name)).toEqual(expected);
  expect((await admin.asks<{ groups: Group[] }>(LIST)).groups).toContainEqual(expected);
  expect(await groupNamed('no such group')).toBeNull();
  expect(await groupNamed('\u0000')).toBeNull();
});

test('members are told page by page', async () => {
  const name = await makes();
  for (const email of ['one@example.org', 'two@example.org', 'three@example.org'])
    await adds(name, await app.person(email));
  const query = `query ($name: String!, $after: String) {
    group(name: $name) { members(first: 2, after: $after) { nodes { name } next } } }`;
  const page = async (after: string | null) =>
    (
      await admin.asks<{ group: { members: { nodes: { name: string }[]; next: string | null } } }>(
        query,
        { name, after },
      )
    ).group.members;
  const first = await page(null);
  const second = await page(first.next);
  expect([...first.nodes, ...second.nodes].map((member) => member.name)).toEqual([
    'one',
    'three',
    'two',
  ]);
  expect(second.next).toBeNull();
  expect(await admin.refusal(query, { name, after: 'nonsense' })).toBe('INVALID');
});

test('each change is written down with who made it, what was and what is', async () => {
  const ada = await app.person();
  const name = await makes({ description: 'Before' });
  await adds(name, ada);
  await admin.asks(UPDATE, { input: { name, description: 'After' } });
  await admin.asks(REMOVE, { group: name, email: ada.email });
  await admin.asks(REMOVE, { group: name, email: ada.email });
  await admin.asks(DELETE, { name });
  const entries = await app.rows<{ action: string; before: object; after: object; email: string }>(
    `select action, before, after, email from audit_entry e join account a on a.id = e.actor_id
     where subject_kind = 'group' and subject = $1 order by e.id`,
    name,
  );
  expect(entries.map(({ action }) => action)).toEqual([
    'group.created',
    'group.member_joined',
    'group.updated',
    'group.member_left',
    'group.deleted',
  ]);
  expect(new Set(entries.map(({ email }) => email))).toEqual(new Set(['dev@example.com']));
  expect(entries[2]).toMatchObject({
    before: { description: 'Before' },
    after: { description: 'After' },
  });
  expect(entries[4]).toMatchObject({ before: { description: 'After' } });
});

test('what a group can not be is refused, and nothing is stored', async () => {
  const before = await app.rows('select count(*) from manual_group');
  const refused = (input: object) => admin.refusal(CREATE, { input });
  for (const input of [
    { name: '' },
    { name: ' ' },
    { name: 'a\u0000b' },
    { name: 'x'.repeat(201) },
    { name: 'n', pool: { max: -1 } },
    { name: 'n', pool: { max: 1e13 } },
    { name: 'n', pool: { max: 1, refreshPerHour: -1 } },
    { name: 'n', access: { allowed: [''] } },
    { name: 'n', access: { blocked: ['a\u0000'] } },
  ])
    expect(await refused(input), JSON.stringify(input)).toBe('INVALID');
  for (const input of [
    { name: 'n', description: 'x'.repeat(2_001) },
    { name: 'n', access: { allowed: Array(1_001).fill('m') } },
  ])
    expect(await refused(input)).toBe('TOO_LARGE');
  expect(await app.rows('select count(*) from manual_group')).toEqual(before);
});

test('halves of characters and what no text can hold break nothing', async () => {
  const name = await makes({ description: 'half \ud83d' });
  expect(await groupNamed(name)).toMatchObject({ description: 'half \ufffd' });
  expect(await admin.refusal(DELETE, { name: '\u0000' })).toBe('NOT_FOUND');
  const access = { allowed: ['half \ud83d'] };
  expect(await admin.refusal(CREATE, { input: { name: 'with half', access } })).toBe('INVALID');
});

test('unknown groups and people have no members', async () => {
  const { email } = await app.person();
  const name = await makes();
  for (const query of [ADD, REMOVE]) {
    expect(await admin.refusal(query, { group: 'no such group', email })).toBe('NOT_FOUND');
    expect(await admin.refusal(query, { group: name, email: 'nobody@x.org' })).toBe('NOT_FOUND');
    expect(await admin.refusal(query, { group: name, email: 'no address' })).toBe('INVALID');
  }
  expect(await admin.refusal(UPDATE, { input: { name: 'no such group' } })).toBe('NOT_FOUND');
});

test('of many that make a group of one name at once, one does', async () => {
  const all = await Promise.all(
    Array.from({ length: 8 }, () => admin.refusal(CREATE, { input: { name: 'raced' } })),
  );
  expect(all.filter((code) => code === undefined)).toHaveLength(1);
  expect(all.filter((code) => code === 'CONFLICT')).toHaveLength(7);
});

test('R35 groups are for administrators', async () => {
  const ada = await app.person();
  const name = await makes();
  const visitor = Object.assign(Object.create(ada), { headers: {} }) as Person;
  const member = { group: name, email: ada.email };
  const operations: readonly [string, object][] = [
    [LIST, {}],
    [ONE, { name }],
    [CREATE, { input: { name: 'mine' } }],
    [UPDATE, { input: { name } }],
    [DELETE, { name }],
    [ADD, member],
    [REMOVE, member],
  ];
  for (const [query, variables] of operations) {
    expect(await ada.refusal(query, variables)).toBe('FORBIDDEN');
    expect(await visitor.refusal(query, variables)).toBe('UNAUTHENTICATED');
  }
});
