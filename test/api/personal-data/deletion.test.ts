import { afterAll, beforeAll, expect, test } from 'vitest';
import { ERASED } from '../../../server/personal-data/erase-person.ts';
import type { Person } from '../../support/actors.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { waits } from '../../support/fake-model.ts';
import { HELLO, post } from '../v1/client.ts';

let app: TestApp;
let admin: Person;
beforeAll(async () => {
  app = await startApp();
  admin = await app.person('dev@example.com');
});
afterAll(() => app.close());

const ASK = 'mutation ($note: String) { requestAccountDeletion(note: $note) }';
const WITHDRAW = 'mutation { withdrawAccountDeletion }';
const decides = (verb: 'confirm' | 'decline') =>
  `mutation ($account: AccountNameInput!, $reason: String!) { ${verb}AccountDeletion(account: $account, reason: $reason) }`;
const LIST = '{ people(asksForDeletion: true) { nodes { email deletionAskedAt deletionNote } } }';
const REASON = { reason: 'as they asked' };
const idOf = async (person: Person) =>
  (await person.asks<{ viewer: { id: string } }>('{ viewer { id } }')).viewer.id;
const asking = async () =>
  (await admin.asks<{ people: { nodes: { email: string }[] } }>(LIST)).people.nodes;
const trailOf = async (id: string) =>
  (
    await app.rows<{ action: string }>(
      'select action from audit_entry where subject = $1 order by id',
      id,
    )
  ).map(({ action }) => action);

test('who asks is listed for administrators, and may think better of it', async () => {
  const ada = await app.person();
  await ada.asks(ASK, { note: 'I leave the university.' });
  await ada.asks(ASK, { note: 'I leave.' });
  expect(await asking()).toMatchObject([{ email: ada.email, deletionNote: 'I leave.' }]);
  expect(await ada.asks(WITHDRAW)).toEqual({ withdrawAccountDeletion: true });
  expect(await ada.asks(WITHDRAW)).toEqual({ withdrawAccountDeletion: false });
  expect(await asking()).toEqual([]);
  expect(await ada.asks('{ viewer { deletionAskedAt } }')).toEqual({
    viewer: { deletionAskedAt: null },
  });
  const asked = ['account.deletion_requested', 'account.deletion_withdrawn'];
  expect((await trailOf(await idOf(ada))).slice(-2)).toEqual(asked);
});

test('a request that is declined is gone, with the reason in the trail, and the account stays', async () => {
  const ada = await app.person();
  await ada.asks(ASK);
  await admin.asks(decides('decline'), { account: { email: ada.email }, reason: 'a legal hold' });
  expect(await asking()).toEqual([]);
  expect((await trailOf(await idOf(ada))).at(-1)).toBe('account.deletion_declined');
});

test('nobody is deleted who did not ask, by anybody but an administrator, or by themselves', async () => {
  const [ada, eve] = [await app.person(), await app.person()];
  const account = { email: ada.email };
  expect(await admin.refusal(decides('confirm'), { account, ...REASON })).toBe('CONFLICT');
  await ada.asks(ASK);
  for (const verb of ['confirm', 'decline'] as const) {
    expect(await eve.refusal(decides(verb), { account, ...REASON })).toBe('FORBIDDEN');
    expect(await ada.refusal(decides(verb), { account, ...REASON })).toBe('FORBIDDEN');
    expect(await admin.refusal(decides(verb), { account, reason: ' ' })).toBe('INVALID');
  }
  await admin.asks(ASK);
  const own = { account: { email: 'dev@example.com' }, ...REASON };
  expect(await admin.refusal(decides('confirm'), own)).toBe('CONFLICT');
  await admin.asks(WITHDRAW);
  await ada.asks(WITHDRAW);
});

test('R57 what a deleted person wrote is gone from every table; what they paid stays without a name', async () => {
  const ada = await app.person('ada.lovelace@example.edu');
  const id = await idOf(ada);
  const { key } = await ada.withKey();
  expect((await post(app, HELLO, { key })).status).toBe(200);
  const { assistantMessage } = await ada.says('My secret is the engine of Babbage.');
  await ada.awaits(assistantMessage.id);
  await ada.asks('mutation { setMonthlyLimit(max: 9) { max } }');
  app.model.answerNext(waits());
  const { assistantMessage: running } = await ada.says('Go on');
  const before = await app.rows('select sum(amount) from ledger_entry where account_id = $1', id);
  await ada.asks(ASK);
  await admin.asks(decides('confirm'), { account: { id }, ...REASON });

  expect(await ada.refusal('{ viewer { id } }')).toBe('UNAUTHENTICATED');
  expect((await post(app, HELLO, { key })).status).toBe(401);
  // The running answer is stopped, then the next purge takes the conversations; the test is not as patient as that job.
  await expect
    .poll(() => app.rows('select from reservation where request_id = $1', running.id))
    .toEqual([]);
  await app.rows('delete from conversation where purge_at <= now()');
  const owned = [...ERASED, ['conversation', 'owner_id']] as const;
  for (const [table, column] of owned)
    expect(await app.rows(`select * from ${table} where ${column} = $1`, id), table).toEqual([]);
  const [account] = await app.rows('select * from account where id = $1', id);
  expect(account).toMatchObject({
    name: 'Deleted person',
    email: `${id}@deleted.invalid`,
    is_active: false,
  });
  const after = await app.rows('select sum(amount) from ledger_entry where account_id = $1', id);
  expect(Number(Object.values(after[0] ?? {})[0])).toBeLessThanOrEqual(
    Number(Object.values(before[0] ?? {})[0]),
  );
  expect(await wherever('lovelace')).toEqual([]);
  expect(await wherever('Babbage')).toEqual([]);
});

test('a deleted person is in no list and comes back for nobody, and their address begins anew', async () => {
  const ada = await app.person('twice@example.edu');
  const id = await idOf(ada);
  await ada.asks(ASK);
  await admin.asks(decides('confirm'), { account: { id }, ...REASON });
  const account = { id };
  expect(
    await admin.refusal(
      'mutation ($account: AccountNameInput!) { enableAccount(account: $account) { id } }',
      {
        account,
      },
    ),
  ).toBe('NOT_FOUND');
  const named = await admin.asks(
    'query ($id: ID) { person(id: $id) { id } people(search: "deleted") { nodes { id } } }',
    account,
  );
  expect(named).toEqual({ person: null, people: { nodes: [] } });
  expect(await idOf(await app.person('twice@example.edu'))).not.toBe(id);
});

/** What stays on purpose: money, and sums of usage, by an id without a name. */
const KEPT = ['ledger_entry', 'ledger_sum', 'pool', 'pool_lease', 'reservation', 'usage_hour'];

test('every table that refers to accounts says what becomes of it when a person is deleted', async () => {
  const columns = await app.rows<{ table: string; column: string }>(`
    select conrelid::regclass::text as "table", attname as column from pg_constraint
    join pg_attribute on attrelid = conrelid and attnum = conkey[1]
    where contype = 'f' and confrelid = 'account'::regclass`);
  const erased = new Set(ERASED.map(([table, column]) => `${table}.${column}`));
  const undecided = columns
    .filter(({ table }) => !KEPT.includes(table))
    .map(({ table, column }) => `${table}.${column}`)
    .filter((name) => !erased.has(name))
    // Projects are no people; conversations are purged.
    .filter((name) => !['project_member.project_id', 'conversation.owner_id'].includes(name));
  expect(undecided).toEqual([]);
});

/** Tables in which a word stands anywhere. */
async function wherever(word: string): Promise<string[]> {
  const tables = await app.rows<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
  );
  const found = await Promise.all(
    tables.map(async ({ name }) => {
      const rows = await app.rows(
        `select from "${name}" t where t::text ilike $1 limit 1`,
        `%${word}%`,
      );
      return rows.length > 0 ? name : null;
    }),
  );
  return found.filter((name) => name !== null);
}
