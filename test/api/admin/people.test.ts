import { afterAll, expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { Person as Visitor } from '../../support/actors.ts';
import { startApp } from '../../support/app.ts';

const app = await startApp();
afterAll(app.close);
const admin = await app.person('dev@example.com');

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly isActive: boolean;
  readonly isAdmin: boolean;
}

const PEOPLE = `query ($first: Int!, $after: String, $search: String) {
  people(first: $first, after: $after, search: $search) { nodes { id name email isActive isAdmin createdAt } next }
}`;
const DISABLE = `mutation ($account: AccountNameInput!, $reason: String) {
  disableAccount(account: $account, reason: $reason) { id isActive }
}`;
const ENABLE = `mutation ($account: AccountNameInput!, $reason: String) {
  enableAccount(account: $account, reason: $reason) { id isActive }
}`;
const people = async (variables: object) =>
  (await admin.asks<{ people: { nodes: Listed[]; next: string | null } }>(PEOPLE, variables))
    .people;
const idOf = async (person: Person) =>
  (await person.asks<{ viewer: { id: string } }>('{ viewer { id } }')).viewer.id;
const entriesOf = (id: string) =>
  app.rows(
    'select action, subject_kind, before, after, reason, actor_id from audit_entry where subject = $1 order by id',
    id,
  );

test('administrators page through everybody, by address, and find them by name or address', async () => {
  for (const name of ['quinn-a', 'quinn-b', 'quinn-c']) await app.person(`${name}@example.org`);
  const first = await people({ first: 2, search: 'QUINN example' });
  const second = await people({ first: 2, search: 'quinn', after: first.next });
  expect([...first.nodes, ...second.nodes].map(({ email }) => email)).toEqual([
    'quinn-a@example.org',
    'quinn-b@example.org',
    'quinn-c@example.org',
  ]);
  expect(second.next).toBeNull();
  expect((await people({ first: 200, search: '100%_' })).nodes).toEqual([]);
  const [dev] = (await people({ first: 5, search: 'dev@example' })).nodes;
  expect(dev).toMatchObject({ isAdmin: true, isActive: true });
  expect(first.nodes[0]).toMatchObject({ isAdmin: false, name: 'quinn-a' });
});

test('a cursor or a size that can not be is refused', async () => {
  for (const wrong of [{ first: 0 }, { first: 201 }, { first: 1, after: 'nonsense' }])
    expect(await admin.refusal(PEOPLE, wrong)).toBe('INVALID');
});

test('nobody but administrators sees or disables anybody', async () => {
  const [ada, eve] = [await app.person(), await app.person()];
  const account = { email: ada.email };
  const visitor = new Visitor(app.url, '', {});
  for (const [operation, variables] of [
    [PEOPLE, { first: 1 }],
    [DISABLE, { account }],
    [ENABLE, { account }],
    // Who may not ask learns nothing of what is wrong with the question.
    [ENABLE, { account: {} }],
  ] as const) {
    expect(await eve.refusal(operation, variables)).toBe('FORBIDDEN');
    expect(await visitor.refusal(operation, variables)).toBe('UNAUTHENTICATED');
  }
  expect(await idOf(ada)).toBeTruthy();
});

test('a disabled account is shut out of every door until it is enabled, and the trail says who did it', async () => {
  const ada = await app.person();
  const script = await ada.withKey();
  const id = await idOf(ada);
  const disabled = await admin.asks(DISABLE, { account: { id }, reason: 'Left the institute' });
  expect(disabled).toEqual({ disableAccount: { id, isActive: false } });
  const doors = async () => [
    await ada.refusal('{ viewer { id } }'),
    await script.refusal('{ viewer { id } }'),
    (await fetch(`${app.url}/v1/models`, { headers: script.headers })).status,
  ];
  expect(await doors()).toEqual(['FORBIDDEN', 'FORBIDDEN', 403]);
  const query = new URLSearchParams({ email: ada.email, next: '/usage' });
  const refused = await fetch(`${app.url}/devlogin?${query}`, { redirect: 'manual' });
  expect(refused.headers.get('location')).toBe('/?signin=account_disabled&next=%2Fusage');
  expect(refused.headers.getSetCookie()).toEqual([]);
  await admin.asks(ENABLE, { account: { email: ada.email.toUpperCase() } });
  expect(await doors()).toEqual(['UNAUTHENTICATED', undefined, 200]);
  expect(await (await app.person(ada.email)).refusal('{ viewer { id } }')).toBeUndefined();
  const actor_id = await idOf(admin);
  const subject_kind = 'account';
  expect(await entriesOf(id)).toEqual([
    {
      action: 'account.disabled',
      subject_kind,
      before: { isActive: true },
      after: { isActive: false },
      reason: 'Left the institute',
      actor_id,
    },
    {
      action: 'account.enabled',
      subject_kind,
      before: { isActive: false },
      after: { isActive: true },
      reason: null,
      actor_id,
    },
  ]);
});

test('disabling again changes nothing and is not written', async () => {
  const ada = await app.person();
  const id = await idOf(ada);
  for (let round = 0; round < 2; round += 1) await admin.asks(DISABLE, { account: { id } });
  expect(await entriesOf(id)).toHaveLength(1);
});

test('administrators can’t disable themselves', async () => {
  const id = await idOf(admin);
  for (const account of [{ id }, { id: id.toUpperCase() }, { email: ' DEV@example.com ' }])
    expect(await admin.refusal(DISABLE, { account })).toBe('CONFLICT');
  expect(await entriesOf(id)).toEqual([]);
});

test('an account that is not there, or not named, is refused', async () => {
  const refusalOf = (account: object, reason = '') => admin.refusal(DISABLE, { account, reason });
  expect(await refusalOf({ id: '00000000-0000-4000-8000-000000000000' })).toBe('NOT_FOUND');
  expect(await refusalOf({ id: 'nonsense' })).toBe('NOT_FOUND');
  expect(await refusalOf({ email: 'nobody@example.org' })).toBe('NOT_FOUND');
  expect(await refusalOf({ email: 'nobody' })).toBe('INVALID');
  expect(await refusalOf({})).toBe('INVALID');
  expect(await refusalOf({ id: 'a', email: 'b@example.org' })).toBe('INVALID');
  const ada = await app.person();
  expect(await refusalOf({ email: ada.email }, 'x'.repeat(1_001))).toBe('TOO_LARGE');
  expect(await refusalOf({ email: ada.email }, 'nul \0 byte')).toBe('INVALID');
});

const PROJECTS_OF =
  'query ($email: String) { person(email: $email) { projects { name isActive usage { requests } } } }';

test('F4 of a person the projects are told that they list themselves', async () => {
  const ada = await app.person();
  const makes = async (name: string, ownerEmail?: string) => {
    const query =
      'mutation ($name: String!, $ownerEmail: String) { createProject(name: $name, ownerEmail: $ownerEmail) { id } }';
    const variables = { name, ownerEmail };
    return (await admin.asks<{ createProject: { id: string } }>(query, variables)).createProject.id;
  };
  const shuts = (id: string) =>
    admin.asks('mutation ($id: ID!) { setProjectActive(projectId: $id, isActive: false) { id } }', {
      id,
    });
  const manages = (id: string) =>
    admin.asks(
      'mutation ($id: ID!, $email: String!) { addProjectManager(projectId: $id, email: $email) { id } }',
      { id, email: ada.email },
    );
  await shuts(await makes('owned', ada.email));
  await manages(await makes('Managed'));
  const shut = await makes('shut');
  await manages(shut);
  await shuts(shut);
  await makes('of somebody else');
  const projects = [
    { name: 'Managed', isActive: true, usage: { requests: 0 } },
    { name: 'owned', isActive: false, usage: { requests: 0 } },
  ];
  expect(await admin.asks(PROJECTS_OF, { email: ada.email })).toMatchObject({
    person: { projects },
  });
  const own = await ada.asks('{ projects { nodes { name isActive usage { requests } } } }');
  expect(own).toEqual({ projects: { nodes: projects } });
});
