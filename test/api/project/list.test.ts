import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import {
  ADD,
  CREATE,
  cast,
  DELETE,
  ONE,
  type ProjectAnswer,
  projectOf,
  projectsOf,
  SET_ACTIVE,
} from './operations.ts';

let app: TestApp;
let admin: Person;
beforeAll(async () => {
  app = await startApp();
  admin = await app.person('dev@example.com');
});
afterAll(() => app.close());

const creates = async (name: string) =>
  (await admin.asks<{ createProject: ProjectAnswer }>(CREATE, { name })).createProject;
const namesOf = async (person: Person, variables: object = {}) =>
  (await projectsOf(person, variables)).nodes.map(({ name }) => name);

test('everybody lists the projects that they manage, administrators all', async () => {
  const first = await cast(app, 'List A');
  const second = await cast(app, 'List B');
  await second.owner.asks(ADD, { projectId: second.id, email: first.owner.email });
  expect(await namesOf(first.owner)).toEqual(['List A', 'List B']);
  expect(await namesOf(second.owner)).toEqual(['List B']);
  expect(await namesOf(first.stranger)).toEqual([]);
  expect(await namesOf(admin, { search: 'list' })).toEqual(['List A', 'List B']);
  const roles = (await projectsOf(first.owner)).nodes.map(({ viewerRole }) => viewerRole);
  expect(roles).toEqual(['OWNER', 'MANAGER']);
});

test('W34 an inactive project is seen by its owner, and by administrators who ask for it', async () => {
  const { id, owner, manager } = await cast(app, 'Shut');
  await owner.asks(SET_ACTIVE, { projectId: id, isActive: false });
  expect(await namesOf(owner)).toEqual(['Shut']);
  expect(await projectOf(owner, id)).toMatchObject({ isActive: false });
  expect(await namesOf(manager, { includeInactive: true })).toEqual([]);
  expect(await manager.refusal(ONE, { id })).toBe('NOT_FOUND');
  expect(await namesOf(admin, { search: 'shut' })).toEqual([]);
  expect(await namesOf(admin, { search: 'shut', includeInactive: true })).toEqual(['Shut']);
  await owner.asks(SET_ACTIVE, { projectId: id, isActive: true });
  expect(await namesOf(manager)).toEqual(['Shut']);
});

test('a deleted project becomes inactive and keeps its name', async () => {
  const { id } = await cast(app, 'Ended');
  const { deleteProject } = await admin.asks<{ deleteProject: ProjectAnswer }>(DELETE, {
    projectId: id,
  });
  expect(deleteProject).toMatchObject({ id, isActive: false });
  const { errors } = await admin.graphql(CREATE, { name: 'ended' });
  expect(errors?.[0]?.message).toBe('There is an inactive project of this name already.');
});

const orders: readonly [string, boolean, readonly string[]][] = [
  ['NAME', false, ['Order A', 'order B', 'Order C']],
  ['NAME', true, ['Order C', 'order B', 'Order A']],
  ['CREATED_AT', true, ['Order A', 'Order C', 'order B']],
  ['COST', true, ['Order C', 'Order A', 'order B']],
  ['REQUESTS', false, ['order B', 'Order C', 'Order A']],
  ['TOKENS', true, ['Order C', 'Order A', 'order B']],
  ['MANAGERS', true, ['order B', 'Order A', 'Order C']],
  ['ACTIVE', false, ['Order C', 'order B', 'Order A']],
];

/** Three projects, made in this order: what each has used, and how many people manage it. */
const SHEETS = [
  { name: 'order B', requests: 0, tokens: 0, managers: 2 },
  { name: 'Order C', requests: 2, tokens: 30, managers: 0 },
  { name: 'Order A', requests: 5, tokens: 20, managers: 1 },
];

async function makes({ name, requests, tokens, managers }: (typeof SHEETS)[number]) {
  const { id } = await creates(name);
  await app.rows(
    `insert into usage_hour (hour, account_id, model, source, requests, input_tokens, output_tokens, cost, last_at)
      values ('2026-01-01', $1, 'fake', 'api', $2, $3, 0, $3, now())`,
    id,
    requests,
    tokens,
  );
  for (let at = 0; at < managers; at++)
    await admin.asks(ADD, { projectId: id, email: (await app.person()).email });
  return id;
}

test('the list comes in pages, in the order that is asked for', async () => {
  const ids: string[] = [];
  for (const sheet of SHEETS) ids.push(await makes(sheet));
  await admin.asks(DELETE, { projectId: ids[1] });
  for (const [orderBy, descending, names] of orders) {
    const asked = { search: 'order', includeInactive: true, orderBy, descending, first: 2 };
    const page = await projectsOf(admin, asked);
    const rest = await projectsOf(admin, { ...asked, after: page.next });
    expect([...page.nodes, ...rest.nodes].map(({ name }) => name)).toEqual(names);
    expect(rest.next).toBeNull();
  }
});

test('a cursor of another order is refused', async () => {
  const { next: after } = await projectsOf(admin, { first: 1 });
  expect(after).not.toBeNull();
  expect(
    await admin.refusal(
      'query ($after: String) { projects(after: $after, orderBy: COST) { next } }',
      { after },
    ),
  ).toBe('INVALID');
});
