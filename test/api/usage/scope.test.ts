import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { type Cast, cast } from '../project/operations.ts';
import { idOf, logs, refusalOf, reportOf } from './requests.ts';

let app: TestApp;
let roles: Cast;
let other: Person;
let keyOfOther: string;
beforeAll(async () => {
  app = await startApp();
  roles = await cast(app, 'Measured');
  other = await app.person();
  keyOfOther = randomUUID();
  const otherId = await idOf(other);
  await app.rows(
    `insert into api_key (id, account_id, name, hash, hint) values ($1, $2, 'laptop', '\\x01', 'sk_…')`,
    keyOfOther,
    otherId,
  );
  const at = new Date().toJSON();
  const of = (accountId: string, cost: number, apiKeyId: string | null = null) =>
    ({ accountId, at, cost, apiKeyId, source: apiKeyId ? 'api' : 'chat' }) as const;
  await logs(app, [of(roles.id, 1), of(await idOf(roles.owner), 10), of(otherId, 100, keyOfOther)]);
});
afterAll(() => app.close());

const costOf = async (person: Person, filter: object) =>
  Math.round(
    Number(
      (await reportOf<{ totals: { cost: string } }>(person, filter, 'totals { cost }')).totals.cost,
    ) * 1e6,
  );

test('everybody sees their own usage, and nothing else unless they ask for it', async () => {
  expect(await costOf(roles.owner, {})).toBe(10);
  expect(await costOf(roles.owner, { account: await idOf(roles.owner) })).toBe(10);
  expect(await costOf(roles.stranger, {})).toBe(0);
  expect(await costOf(roles.admin, {})).toBe(0);
});

test('a project’s usage is seen by its managers and administrators; for others there is no such project', async () => {
  for (const person of [roles.admin, roles.owner, roles.manager])
    expect(await costOf(person, { project: roles.id })).toBe(1);
  expect(await refusalOf(roles.stranger, { project: roles.id })).toBe('NOT_FOUND');
  expect(await refusalOf(roles.manager, { account: roles.id })).toBe('NOT_FOUND');
  expect(await refusalOf(roles.admin, { project: await idOf(other) })).toBe('NOT_FOUND');
});

test('only administrators see other people, groups and everyone', async () => {
  const account = await idOf(other);
  expect(await costOf(roles.admin, { account })).toBe(100);
  expect(await costOf(roles.admin, { everyone: true })).toBe(111);
  expect(await costOf(roles.admin, { group: 'default' })).toBe(110);
  expect(await refusalOf(roles.stranger, { account })).toBe('NOT_FOUND');
  expect(await refusalOf(roles.stranger, { everyone: true })).toBe('FORBIDDEN');
  expect(await refusalOf(roles.stranger, { group: 'default' })).toBe('FORBIDDEN');
  expect(await refusalOf(roles.stranger, { group: 'nothing' })).toBe('FORBIDDEN');
  expect(await refusalOf(roles.admin, { group: 'nothing' })).toBe('NOT_FOUND');
  expect(await refusalOf(roles.admin, { account: randomUUID() })).toBe('NOT_FOUND');
  expect(await refusalOf(roles.admin, { account: 'nonsense' })).toBe('NOT_FOUND');
  expect(await refusalOf(roles.admin, { account, everyone: true })).toBe('INVALID');
});

test('an empty text names nothing, and not oneself', async () => {
  for (const name of ['account', 'project', 'group', 'key'])
    expect(await refusalOf(roles.admin, { [name]: '' })).toBe('NOT_FOUND');
  expect(await costOf(other, { account: null, project: null, group: null, key: null })).toBe(100);
});

test('a key is found with its account only', async () => {
  expect(await costOf(other, { key: keyOfOther })).toBe(100);
  expect(await costOf(roles.admin, { account: await idOf(other), key: keyOfOther })).toBe(100);
  expect(await refusalOf(roles.stranger, { key: keyOfOther })).toBe('NOT_FOUND');
  expect(await refusalOf(roles.admin, { key: keyOfOther })).toBe('NOT_FOUND');
  expect(await refusalOf(roles.admin, { everyone: true, key: keyOfOther })).toBe('INVALID');
  const { byKey } = await reportOf<{ byKey: object[] }>(
    roles.admin,
    { everyone: true },
    'byKey { id }',
  );
  expect(byKey).toEqual([]);
});

test.each([
  'byAccount { next }',
  'byGroup { group }',
  'byGroupCsv',
  'endpointErrors { errors }',
  'people { total }',
])('%s is for administrators, whosever usage is asked', async (field) => {
  expect(await refusalOf(roles.owner, {}, field)).toBe('FORBIDDEN');
  expect(await refusalOf(roles.owner, { project: roles.id }, field)).toBe('FORBIDDEN');
  expect(await refusalOf(roles.admin, { everyone: true }, field)).toBeUndefined();
});

test('nobody sees anything without being signed in', async () => {
  const nobody = Object.assign(Object.create(Object.getPrototypeOf(other)), other, { headers: {} });
  expect(await refusalOf(nobody, {})).toBe('UNAUTHENTICATED');
});
