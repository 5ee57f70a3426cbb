import { afterAll, beforeAll, expect, test } from 'vitest';
import { Person } from '../../support/actors.ts';
import { startApp } from '../../support/app.ts';

const app = await startApp();
afterAll(app.close);
const admin = await app.person('dev@example.com');
let ada = await app.person('ada@example.org');

interface Entry {
  readonly id: string;
  readonly at: string;
  readonly action: string;
}

const ENTRIES = `query ($first: Int! = 50, $after: String, $filter: AuditFilter) {
  auditEntries(first: $first, after: $after, filter: $filter) {
    nodes { id at actor { id email name } action subjectKind subject subjectName before after reason } next
  }
}`;
const page = async (variables: object = {}) =>
  (await admin.asks<{ auditEntries: { nodes: Entry[]; next: string | null } }>(ENTRIES, variables))
    .auditEntries;
const actions = async (filter: object) =>
  (await page({ filter })).nodes.map(({ action }) => action);
const idOf = async (person: Person) =>
  (await person.asks<{ viewer: { id: string } }>('{ viewer { id } }')).viewer.id;

beforeAll(async () => {
  const account = { email: ada.email };
  await admin.asks(
    `mutation ($account: AccountNameInput!) {
      disableAccount(account: $account, reason: "Left in May") { id }
      enableAccount(account: $account) { id }
    }`,
    { account },
  );
  // The session of before is over.
  ada = await app.person(ada.email);
  await admin.asks(`mutation {
    createGroup(input: { name: "physics", access: { allowed: ["fake"] } }) { name }
    addGroupMember(group: "physics", email: "ada@example.org") { name }
    deleteGroup(name: "physics") }`);
});

test('R59 an entry says who did what to whom, when and why, before and after', async () => {
  const { nodes } = await page({ filter: { action: 'account.disabled' } });
  expect(nodes).toEqual([
    {
      id: expect.stringMatching(/^\d+$/),
      at: expect.stringMatching(/^20\d\d-.*Z$/),
      actor: { id: await idOf(admin), email: 'dev@example.com', name: 'dev' },
      action: 'account.disabled',
      subjectKind: 'account',
      subject: await idOf(ada),
      subjectName: 'ada@example.org',
      before: { isActive: true },
      after: { isActive: false },
      reason: 'Left in May',
    },
  ]);
});

test('entries are found by who, what, whom and when, and by all of it together', async () => {
  const ofAda = ['account.enabled', 'account.disabled'];
  const ofGroup = ['group.deleted', 'group.member_joined', 'group.created'];
  expect(await actions({})).toEqual([...ofGroup, ...ofAda]);
  for (const subject of ['ada@example.org', ' ADA@example.org', await idOf(ada)])
    expect(await actions({ subject })).toEqual(ofAda);
  expect(await actions({ subject: 'physics' })).toEqual(ofGroup);
  for (const actor of ['dev@example.com', await idOf(admin)])
    expect(await actions({ actor })).toHaveLength(5);
  for (const actor of ['ada@example.org', 'nobody@example.org', await idOf(ada), '%'])
    expect(await actions({ actor })).toEqual([]);
  const [created] = (await page({ filter: { action: 'group.created' } })).nodes;
  expect(await actions({ to: created?.at })).toEqual(ofAda);
  expect(await actions({ from: created?.at, subject: 'physics' })).toEqual(ofGroup);
  expect(await actions({ from: created?.at, subject: 'ada@example.org' })).toEqual([]);
  expect(await actions({ from: '2199-01-01T00:00:00Z' })).toEqual([]);
});

test('pages miss nothing and repeat nothing, also where many entries have the same moment', async () => {
  await app.rows(`insert into audit_entry (at, action, subject_kind, subject)
    select '2026-01-01T00:00:00.123456Z', 'test.same', 'model', n::text from generate_series(1, 25) n`);
  const filter = { action: 'test.same' };
  const seen: Entry[] = [];
  let after: string | null = null;
  do {
    const { nodes, next } = await page({ first: 10, after, filter });
    seen.push(...nodes);
    after = next;
  } while (after !== null);
  const ids = seen.map(({ id }) => Number(id));
  expect(new Set(ids).size).toBe(25);
  expect(ids).toEqual([...ids].sort((a, b) => b - a));
  expect(seen[0]).toMatchObject({ actor: null, before: null, after: null, subjectName: null });
});

test.each([
  { first: 0 },
  { first: 201 },
  { after: 'nonsense' },
  { after: Buffer.from('["2026-01-01T00:00:00Z","1 or true"]').toString('base64url') },
  { filter: { subject: 'x'.repeat(301) } },
  { filter: { action: 'a\u0000' } },
  { filter: { actor: '\u0000' } },
])('what can not be asked is refused: %j', async (variables) =>
  expect(await admin.refusal(ENTRIES, variables)).toBe('INVALID'),
);

test('R35 the audit trail is for administrators', async () => {
  expect(await ada.refusal(ENTRIES)).toBe('FORBIDDEN');
  expect(await (await ada.withKey()).refusal(ENTRIES)).toBe('FORBIDDEN');
  expect(await new Person(app.url, '', {}).refusal(ENTRIES)).toBe('UNAUTHENTICATED');
});

test.each([
  "update audit_entry set action = 'nothing'",
  'update audit_entry set id = default where false',
  'delete from audit_entry',
  'truncate audit_entry',
])('R59 the audit trail is append-only: %s', async (statement) => {
  const before = (await page()).nodes;
  await expect(app.rows(statement)).rejects.toThrow('append-only');
  expect((await page()).nodes).toEqual(before);
});

test('each filter is answered by an index', async () => {
  await app.rows(`insert into audit_entry (action, subject_kind, subject, actor_id)
    select 'test.many' || n % 100, 'model', (n % 1000)::text, gen_random_uuid() from generate_series(1, 20000) n`);
  await app.rows('analyze audit_entry');
  const somebody = '00000000-0000-4000-8000-000000000000';
  for (const condition of [
    'true',
    `at > now()`,
    `actor_id = any(array['${somebody}']::uuid[])`,
    `subject = any(array['x'])`,
    `action = 'group.created'`,
  ]) {
    const plan = await app.rows(
      `explain select * from audit_entry where ${condition} order by at desc, id desc limit 51`,
    );
    expect(JSON.stringify(plan), condition).toMatch(/Index Scan|Bitmap Index/);
  }
});
