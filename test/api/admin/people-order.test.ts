import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { startApp, type TestApp, testApp } from '../../support/app.ts';
import { answers } from '../../support/fake-model.ts';
import { rolledUpAtStart, rollsUp } from '../usage/requests.ts';
import { HELLO, post } from '../v1/client.ts';

const CONFIG = {
  groups: {
    default: { max: 10, refresh: 0, starting: 4, model_access: { default: 'allowed' } },
    rich: { max: 50, refresh: 0, starting: 50 },
    boundless: { max: -2 },
  },
  users: {
    'rich@example.edu': { groups: ['rich'] },
    'boundless@example.edu': { groups: ['boundless'] },
    'none@example.edu': { max: 0 },
    'own@example.edu': { max: 7, refresh: 0, starting: 6 },
  },
};
const NAMES = ['boundless', 'rich', 'own', 'plain', 'limited', 'none'];

let app: TestApp;
let admin: Person;
const script = new Map<string, string>();
beforeAll(async () => {
  app = await startApp({ config: CONFIG });
  admin = await app.person('dev@example.com');
  for (const name of NAMES) {
    const { key } = await (await app.person(`${name}@example.edu`)).withKey();
    script.set(name, key);
  }
  await admin.asks(
    `mutation { setAccountLimit(account: { email: "limited@example.edu" }, limit: { max: 3 }, reason: "a test") { left } }`,
  );
});
afterAll(() => app.close());

const PEOPLE = `query ($orderBy: PeopleOrder!, $descending: Boolean!, $first: Int, $after: String, $search: String) {
  people(orderBy: $orderBy, descending: $descending, first: $first, after: $after, search: $search) {
    next nodes { email lastSeenAt pool { unlimited left } usage { requests inputTokens outputTokens cost } }
  } }`;

interface Listed {
  readonly email: string;
  readonly lastSeenAt: string | null;
  readonly pool: { readonly unlimited: boolean; readonly left: string } | null;
  readonly usage: { readonly requests: number; readonly cost: string };
}
interface Part {
  readonly next: string | null;
  readonly nodes: readonly Listed[];
}
const part = async (of: Person, variables: object) =>
  (await of.asks<{ people: Part }>(PEOPLE, { search: 'example.edu', ...variables })).people;

async function allBy(orderBy: string, descending: boolean, first = 2): Promise<string[]> {
  const found: string[] = [];
  let after: string | null = null;
  do {
    const { nodes, next }: Part = await part(admin, { orderBy, descending, first, after });
    found.push(...nodes.map(({ email }) => email.replace('@example.edu', '')));
    after = next;
  } while (after !== null);
  return found;
}

const asks = async (name: string, times: number) => {
  const key = script.get(name) ?? '';
  for (let count = 0; count < times; count += 1)
    expect((await post(app, HELLO, { key })).status).toBe(200);
};

test('people are ordered by what they can spend: unlimited first, without a pool last', async () => {
  expect(await allBy('LEFT', true)).toEqual([
    'boundless',
    'rich',
    'own',
    'plain',
    'limited',
    'none',
  ]);
  const upwards = await allBy('LEFT', false);
  expect(upwards).toEqual(['limited', 'plain', 'own', 'rich', 'boundless', 'none']);
  const { nodes } = await part(admin, { orderBy: 'LEFT', descending: false });
  expect(nodes.map(({ pool }) => pool && (pool.unlimited ? 'unlimited' : pool.left))).toEqual([
    '3',
    '4',
    '6',
    '50',
    'unlimited',
    null,
  ]);
});

test('people are ordered by what they used, and the figures are theirs, rolled up or not', async () => {
  app.model.answer(answers({ texts: ['Hi'], usage: { prompt_tokens: 10, completion_tokens: 20 } }));
  await asks('rich', 3);
  await asks('own', 1);
  for (const order of ['COST', 'TOKENS', 'REQUESTS'])
    expect((await allBy(order, true)).slice(0, 2)).toEqual(['rich', 'own']);
  const figures = async () =>
    (await part(admin, { orderBy: 'COST', descending: true, first: 2 })).nodes.map(
      ({ usage }) => usage,
    );
  const told = [
    { requests: 3, inputTokens: 30, outputTokens: 60, cost: '0.15' },
    { requests: 1, inputTokens: 10, outputTokens: 20, cost: '0.05' },
  ];
  expect(await figures()).toEqual(told);
  expect((await allBy('REQUESTS', false)).slice(-2)).toEqual(['own', 'rich']);
});

test('sums of what is over are kept, and stay exact when slices that are over were changed', async () => {
  const mine = await testApp();
  const boss = await mine.person('dev@example.com');
  await mine.person('ada@example.edu');
  const uses = (days: number, requests: number) =>
    mine.rows(
      `insert into usage_slice (account_id, at, model, source, api_key_id, requests, cost)
        select id, date_bin('15 minutes', now() - make_interval(days => $2), 'epoch'), 'fake', 'api',
          '00000000-0000-0000-0000-000000000000', $3, 1000000 from account where email = $1`,
      'ada@example.edu',
      days,
      requests,
    );
  const used = async () =>
    (await part(boss, { orderBy: 'COST', descending: true })).nodes[0]?.usage.requests;
  await rolledUpAtStart(mine);
  await mine.rows('delete from usage_rolled');
  await uses(3, 5);
  await uses(2, 7);
  expect(await used()).toBe(12);
  await rollsUp(mine);
  expect(await mine.rows('select requests from account_usage')).toEqual([{ requests: 12n }]);
  await uses(0, 1);
  expect(await used()).toBe(13);
  await mine.rows('delete from usage_rolled');
  await mine.rows('delete from usage_rollup');
  await uses(4, 100);
  expect(await used()).toBe(113);
  await rollsUp(mine);
  expect(await mine.rows('select requests from account_usage')).toEqual([{ requests: 112n }]);
  expect(await used()).toBe(113);
});

const TOTALS = '{ peopleTotals { people disabled requests inputTokens outputTokens cost } }';

test('totals are of all people, with or without usage, and of nobody else', async () => {
  const mine = await testApp();
  const boss = await mine.person('dev@example.com');
  const ada = await mine.person('ada@example.edu');
  const nobody = { people: 2, requests: 0, inputTokens: 0, outputTokens: 0, cost: '0' };
  expect(await boss.asks(TOTALS)).toEqual({ peopleTotals: { ...nobody, disabled: 0 } });
  await mine.rows(`insert into account (id, kind, slug, name) values
    (gen_random_uuid(), 'project', 'robot', 'Robot')`);
  await mine.rows(`
    insert into usage_slice (account_id, at, model, source, api_key_id, requests, input_tokens, output_tokens, cost)
    select id, date_bin('15 minutes', now() - make_interval(days => days), 'epoch'), 'fake', 'api',
      '00000000-0000-0000-0000-000000000000', 5, 10, 20, 1500000
    from account, unnest(array[0, 3]) days where email is distinct from 'dev@example.com'`);
  const used = { people: 2, requests: 10, inputTokens: 20, outputTokens: 40, cost: '3' };
  expect(await boss.asks(TOTALS)).toEqual({ peopleTotals: { ...used, disabled: 0 } });
  await rollsUp(mine);
  await mine.rows("update account set is_active = false where email = 'ada@example.edu'");
  expect(await boss.asks(TOTALS)).toEqual({ peopleTotals: { ...used, disabled: 1 } });
  await mine.rows("update account set deleted_at = now() where email = 'ada@example.edu'");
  expect(await boss.asks(TOTALS)).toEqual({
    peopleTotals: { ...nobody, people: 1, disabled: 0 },
  });
  expect(await ada.refusal(TOTALS)).toBe('FORBIDDEN');
});

test('who was seen last comes first, also when they signed out since', async () => {
  await app.rows("update session set seen_at = now() - interval '9 days'");
  await app.rows('update api_key set last_used_at = null');
  const ago = (hours: number, name: string) =>
    app.rows(
      `update session set seen_at = now() - make_interval(hours => $1)
        where account_id = (select id from account where email = $2)`,
      hours,
      `${name}@example.edu`,
    );
  await ago(1, 'plain');
  await ago(2, 'own');
  await app.rows(
    "delete from session where account_id = (select id from account where email = 'plain@example.edu')",
  );
  expect((await allBy('LAST_SEEN_AT', true)).slice(0, 2)).toEqual(['plain', 'own']);
});

test('names and addresses order people too, and every part of a list follows the one before', async () => {
  const sorted = [...NAMES].sort();
  expect(await allBy('EMAIL', false, 1)).toEqual(sorted);
  expect(await allBy('NAME', true, 3)).toEqual(sorted.reverse());
  expect(await allBy('CREATED_AT', false)).toEqual(NAMES);
  const { next } = await part(admin, { orderBy: 'EMAIL', descending: false, first: 1 });
  const wrong = { orderBy: 'COST', descending: false, first: 1, after: next };
  expect(await admin.refusal(PEOPLE, wrong)).toBe('INVALID');
});

const PERSON = `query ($id: ID, $email: String) { person(id: $id, email: $email) {
  id email groups models { name access } apiKeys { name hint } sessions { browser isCurrent } monthlyLimit { max }
  projects { name isActive usage { requests } } } }`;

test('one person is given by id or by address, with all but what they wrote, and to administrators only', async () => {
  const ada = await app.person('rich@example.edu');
  const { person } = await admin.asks<{ person: { id: string } }>(PERSON, {
    email: ' RICH@example.edu',
  });
  expect(person).toMatchObject({
    email: 'rich@example.edu',
    groups: ['default', 'rich'],
    models: [{ name: 'fake', access: 'ALLOWED' }],
    apiKeys: [{ name: 'test' }],
    monthlyLimit: null,
    projects: [],
  });
  expect(await admin.asks(PERSON, { id: person.id })).toMatchObject({ person: { id: person.id } });
  for (const nobody of [{ id: 'nonsense' }, { email: 'nobody@example.edu' }, { email: '\0' }])
    expect(await admin.asks(PERSON, nobody)).toEqual({ person: null });
  expect(await admin.refusal(PERSON, {})).toBe('INVALID');
  for (const named of [{ id: person.id }, { email: 'nobody@example.edu' }])
    expect(await ada.refusal(PERSON, named)).toBe('FORBIDDEN');
  const beyond = await admin.refusal(
    '{ person(email: "rich@example.edu") { conversations { id } } }',
  );
  expect(beyond).toBeDefined();
});
