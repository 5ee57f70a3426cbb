import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { startApp, type TestApp, testApp } from '../../support/app.ts';
import { startFakeModel } from '../../support/fake-model.ts';
import { freshDatabase, redisUrl } from '../../support/services.ts';
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
const modelsOf = async (person: Person) =>
  (await person.asks<{ models: { name: string }[] }>('{ models { name } }')).models.map(
    ({ name }) => name,
  );
const listed = async (person: Person, url = app.url) => {
  const response = await fetch(`${url}/v1/models`, { headers: person.headers });
  return ((await response.json()) as { data: { id: string }[] }).data.map(({ id }) => id);
};

test('a group made by hand gives its members its models and its pool, at once and at every door', async () => {
  const ada = await app.person();
  const key = await ada.withKey();
  expect([await modelsOf(ada), await listed(key)]).toEqual([[], []]);
  const name = await makes({
    pool: { max: 100, refreshPerHour: 1.5, starting: 20 },
    access: { allowed: ['fake'] },
  });
  await adds(name, ada);
  expect([await modelsOf(ada), await listed(key)]).toEqual([['fake'], ['fake']]);
  expect((await ada.pool()).left).toBe(20);

  await admin.asks(REMOVE, { group: name, email: ada.email });
  expect([await modelsOf(ada), await listed(key)]).toEqual([[], []]);
});

test('a new definition replaces the old one as a whole and keeps the members; inactive, it has no effect', async () => {
  const ada = await app.person();
  const name = await makes({ description: 'Before', access: { allowed: ['fake'] } });
  await adds(name, ada);
  await admin.asks(UPDATE, { input: { name, isActive: false, access: { allowed: ['fake'] } } });
  expect(await modelsOf(ada)).toEqual([]);
  await admin.asks(UPDATE, { input: { name, access: { default: 'ALLOWED' } } });
  expect(await modelsOf(ada)).toEqual(['fake']);
  expect(await groupNamed(name)).toMatchObject({
    description: '',
    pool: null,
    access: { default: 'ALLOWED', allowed: [] },
    members: { nodes: [{ email: ada.email }] },
  });
});

test('a deleted group takes its memberships with it: another of its name begins empty', async () => {
  const ada = await app.person();
  const name = await makes({ access: { allowed: ['fake'] } });
  await adds(name, ada);
  expect(await admin.asks(DELETE, { name })).toEqual({ deleteGroup: name });
  expect(await modelsOf(ada)).toEqual([]);
  expect(await admin.refusal(DELETE, { name })).toBe('NOT_FOUND');
  await admin.asks(CREATE, { input: { name, access: { allowed: ['fake'] } } });
  expect(await modelsOf(ada)).toEqual([]);
});

test('a group of the configuration is locked, but people can be put into it by hand', async () => {
  const ada = await app.person();
  for (const [query, variables] of [
    [UPDATE, { input: { name: 'staff' } }],
    [DELETE, { name: 'staff' }],
  ] as const)
    expect((await admin.graphql(query, variables)).errors?.[0]?.extensions).toMatchObject({
      code: 'FORBIDDEN',
      reason: 'group_locked',
    });
  expect(await admin.refusal(CREATE, { input: { name: 'staff' } })).toBe('CONFLICT');
  await adds('staff', ada);
  await adds('staff', ada);
  expect((await ada.pool()).left).toBe(50);
  expect(await groupNamed('staff')).toMatchObject({
    isLocked: true,
    rules: [{ field: 'affiliation', contains: 'staff@', equals: null }],
    members: { nodes: [{ email: ada.email, isByHand: true, isByRule: false }] },
  });
  expect(await groupNamed('default')).toMatchObject({ description: 'Everybody.' });
});

test('a membership by rule stays when the one by hand is taken away', async () => {
  const ada = await app.person();
  const name = 'staff';
  await adds(name, ada);
  await app.rows(
    `insert into group_member (group_name, account_id, origin) select $1, id, 'rule' from account where email = $2`,
    name,
    ada.email,
  );
  await admin.asks(REMOVE, { group: name, email: ada.email });
  expect((await groupNamed(name))?.members.nodes).toContainEqual({
    email: ada.email,
    isByRule: true,
    isByHand: false,
  });
});

test('of two groups with one name, that of the file is in force', async () => {
  const other = await testApp({ databaseUrl: app.databaseUrl, model: app.model, config });
  const ada = await other.person();
  await app.rows(
    `insert into manual_group (name, access) values ('twice', '{"default": "allowed"}')`,
  );
  const file = { ...config.groups, twice: { model_access: { default: 'blocked' } } };
  const third = await testApp({
    databaseUrl: app.databaseUrl,
    model: app.model,
    config: { groups: file },
  });
  await app.rows(
    `insert into group_member (group_name, account_id, origin) select 'twice', id, 'manual' from account where email = $1`,
    ada.email,
  );
  expect(await modelsOf(ada.at(third.url))).toEqual([]);
  const inFile = await admin.at(third.url).asks<{ groups: Group[] }>(LIST);
  expect(inFile.groups.filter(({ name }) => name === 'twice')).toMatchObject([{ isLocked: true }]);
});

describe.skipIf(!redisUrl())('two replicas', () => {
  test('R40 a group, its definition and its members are the same at both, at once', async () => {
    const model = await startFakeModel();
    const databaseUrl = await freshDatabase();
    const shared = { model, databaseUrl, env: { REDIS_URL: redisUrl() ?? '' }, config };
    const [one, two] = await Promise.all([startApp(shared), startApp(shared)]);
    try {
      const boss = await one.person('dev@example.com');
      const ada = await one.person();
      const key = await ada.withKey();
      for (const { url } of [one, two]) expect(await listed(key, url)).toEqual([]);
      const name = await makes({ access: { allowed: ['fake'] } }, boss);
      await adds(name, ada, boss);
      await expect
        .poll(() => listed(key, two.url), { interval: 10, timeout: 1_000 })
        .toEqual(['fake']);
      await boss.asks(UPDATE, { input: { name, access: { blocked: ['fake'] } } });
      expect(await listed(key, one.url)).toEqual([]);
      await expect.poll(() => listed(key, two.url), { interval: 10, timeout: 1_000 }).toEqual([]);
    } finally {
      await Promise.all([one.close(), two.close()]);
      await model.close();
    }
  });
});
