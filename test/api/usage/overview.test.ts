import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { cast } from '../project/operations.ts';
import { idOf, logs, reportOf, rollsUp } from './requests.ts';

const DAY = { from: '2026-05-01T00:00:00Z', to: '2026-05-02T00:00:00Z', everyone: true };

let app: TestApp;
let admin: Person;
let ada: Person;
let bob: Person;
let endpointId: string;
let project: { readonly id: string; readonly slug: string };
beforeAll(async () => {
  app = await startApp({
    config: {
      users: { 'ada@example.org': { groups: ['=staff'] }, 'bob@example.org': { groups: [] } },
      projects: { measured: { groups: ['machines'] } },
      groups: {
        default: { max: 10, refresh: 0, starting: 10, model_access: { default: 'allowed' } },
        '=staff': {},
        machines: {},
        hand: {},
      },
    },
  });
  admin = await app.person('dev@example.com');
  ada = await app.person('ada@example.org');
  bob = await app.person('bob@example.org');
  project = await cast(app, 'Measured');
  const [row] = await admin
    .asks<{ endpoints: { id: string }[] }>('{ endpoints { id } }')
    .then(({ endpoints }) => endpoints);
  endpointId = row?.id ?? '';
  await app.rows(
    `insert into group_member (group_name, account_id, origin) values ('hand', $1, 'manual'), ('gone', $1, 'manual'),
      ('machines', $1, 'rule')`,
    await idOf(bob),
  );
  const at = '2026-05-01T10:00:00Z';
  const failed = { at, outcome: 'failed' as const, cost: 0 };
  await logs(app, [
    { accountId: await idOf(ada), at, cost: 300 },
    { accountId: await idOf(bob), at, cost: 200 },
    { accountId: project.id, at, cost: 300, source: 'api' },
    { accountId: await idOf(bob), endpointId, ...failed },
    { accountId: await idOf(bob), endpointId, ...failed },
    { accountId: await idOf(ada), endpointId: 'gone', ...failed },
    { accountId: await idOf(ada), ...failed },
  ]);
  await rollsUp(app);
});
afterAll(() => app.close());

interface Accounts {
  readonly nodes: readonly {
    readonly name: string;
    readonly slug: string | null;
    readonly cost: string;
  }[];
  readonly next: string | null;
}

test('accounts come in pages, the most expensive first', async () => {
  const nodes: Accounts['nodes'][number][] = [];
  let after: string | null = null;
  do {
    const fields = `byAccount(first: 1, after: ${JSON.stringify(after)}) { nodes { name slug cost } next }`;
    const page: Accounts = (await reportOf<{ byAccount: Accounts }>(admin, DAY, fields)).byAccount;
    expect(page.nodes).toHaveLength(1);
    nodes.push(...page.nodes);
    after = page.next;
  } while (after);
  expect(nodes.map(({ cost }) => cost)).toEqual(['0.0003', '0.0003', '0.0002']);
  expect(nodes.map(({ name }) => name).sort()).toEqual(['Measured', 'ada', 'bob']);
  expect(nodes.find(({ slug }) => slug)?.slug).toBe('measured');
  const odd = 'byAccount(after: "WyJ4Il0") { next }';
  await expect(reportOf(admin, DAY, odd)).rejects.toThrow(/not a cursor/);
});

test('groups count whom the file, a rule or an administrator has put in, and are saved as a table', async () => {
  const { byGroup, byGroupCsv } = await reportOf<{
    byGroup: { group: string; accounts: number; cost: string }[];
    byGroupCsv: string;
  }>(admin, DAY, 'byGroup { group accounts cost } byGroupCsv');
  expect(byGroup).toEqual([
    { group: 'default', accounts: 2, cost: '0.0005' },
    { group: '=staff', accounts: 1, cost: '0.0003' },
    { group: 'machines', accounts: 1, cost: '0.0003' },
    { group: 'hand', accounts: 1, cost: '0.0002' },
  ]);
  expect(byGroupCsv.split('\r\n')).toEqual([
    'group,accounts,requests,input_tokens,output_tokens,cost',
    '"default",2,6,6,18,0.0005',
    `"'=staff",1,3,3,9,0.0003`,
    '"machines",1,1,1,3,0.0003',
    '"hand",1,3,3,9,0.0002',
    '',
  ]);
  const { totals } = await reportOf(admin, { ...DAY, everyone: null, group: 'hand' });
  expect(totals).toMatchObject({ requests: 3, errors: 2, cost: '0.0002' });
});

test('failures are told by endpoint, be it one of which the configuration knows nothing any more', async () => {
  const { endpointErrors } = await reportOf<{ endpointErrors: object[] }>(
    admin,
    DAY,
    'endpointErrors { model endpointId host code errors }',
  );
  const how = { model: 'fake', code: 'UPSTREAM_FAILED' };
  expect(endpointErrors).toEqual([
    { ...how, endpointId, host: new URL(app.model.url).host, errors: 2 },
    { ...how, endpointId: 'gone', host: null, errors: 1 },
    { ...how, endpointId: null, host: null, errors: 1 },
  ]);
});

test('people are counted when they signed in first, projects never', async () => {
  const people = await app.rows<{ id: string }>(
    `select id from account where kind = 'person' order by email`,
  );
  await app.rows(`update account set created_at = '2026-04-01T00:00Z' where kind = 'person'`);
  await app.rows(
    `update account set created_at = '2026-05-01T22:30Z' where id = $1`,
    people[0]?.id,
  );
  const asked = {
    ...DAY,
    to: '2026-05-03T22:00:00Z',
    from: '2026-04-30T22:00:00Z',
    timeZone: 'Europe/Berlin',
  };
  const { people: growth } = await reportOf<{ people: object[] }>(
    admin,
    asked,
    'people { start joined total }',
  );
  expect(growth).toEqual([
    { start: '2026-04-30T22:00:00.000Z', joined: 0, total: people.length - 1 },
    { start: '2026-05-01T22:00:00.000Z', joined: 1, total: people.length },
    { start: '2026-05-02T22:00:00.000Z', joined: 0, total: people.length },
  ]);
});
