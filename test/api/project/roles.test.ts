// Who may do what with a project: every operation by everybody, each on a project of its own.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import {
  ACKNOWLEDGE,
  ADD,
  type Cast,
  CREATE,
  CREATE_KEY,
  cast,
  DELETE,
  keyOfProject,
  ONE,
  projectOf,
  REMOVE,
  RENAME,
  REVOKE_KEY,
  SEARCH,
  SET_ACTIVE,
  TRANSFER,
} from './operations.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({
    config: (model) => ({
      models: [
        {
          name: 'fake',
          input_cost_per_million: 1,
          output_cost_per_million: 1,
          needs_ack: true,
          endpoints: [{ url: model.url }],
        },
      ],
      projects: { default: { max: 5, model_access: { default: 'allowed' } } },
    }),
  });
});
afterAll(() => app.close());

type Role = 'admin' | 'owner' | 'manager' | 'stranger';
type Variables = (
  by: Cast,
  role: Role,
) => Record<string, unknown> | Promise<Record<string, unknown>>;

const keyId = async (by: Cast) => {
  await keyOfProject(by.admin, by.id);
  return (await projectOf(by.admin, by.id)).apiKeys[0]?.id;
};

/** The least role that may, and what is passed besides the project. */
const actions: readonly [string, string, Role, Variables][] = [
  ['project', ONE, 'manager', ({ id }) => ({ id })],
  ['project by slug', ONE, 'manager', ({ slug }) => ({ slug })],
  ['createProjectApiKey', CREATE_KEY, 'manager', () => ({ name: 'robot' })],
  ['revokeProjectApiKey', REVOKE_KEY, 'manager', async (by) => ({ id: await keyId(by) })],
  ['acknowledgeModelForProject', ACKNOWLEDGE, 'manager', () => ({ name: 'fake' })],
  ['renameProject', RENAME, 'owner', ({ id }, role) => ({ name: `${role} ${id}` })],
  ['setProjectActive', SET_ACTIVE, 'owner', () => ({ isActive: false })],
  ['searchPeopleForProject', SEARCH, 'owner', () => ({ search: 'person' })],
  ['addProjectManager', ADD, 'owner', ({ stranger }) => ({ email: stranger.email })],
  ['removeProjectManager', REMOVE, 'owner', ({ manager }) => ({ email: manager.email })],
  ['transferProject', TRANSFER, 'owner', ({ manager }) => ({ email: manager.email })],
  ['deleteProject', DELETE, 'admin', () => ({})],
];

const ROLES: readonly Role[] = ['stranger', 'manager', 'owner', 'admin'];
const expected = (role: Role, least: Role): string | undefined => {
  if (role === 'stranger') return 'NOT_FOUND';
  return ROLES.indexOf(role) < ROLES.indexOf(least) ? 'FORBIDDEN' : undefined;
};

describe.each(actions)('%s', (_name, operation, least, variables) => {
  test.each(ROLES)(`R36 by the %s`, async (role) => {
    const by = await cast(app);
    const passed = { projectId: by.id, ...(await variables(by, role)) };
    const before = await app.rows('select * from audit_entry order by id desc limit 1');
    const answer = await by[role].graphql(operation, passed);
    expect(answer.errors?.[0]?.extensions.code).toBe(expected(role, least));
    if (answer.errors) {
      expect(answer.data).toBeNull();
      expect(await app.rows('select * from audit_entry order by id desc limit 1')).toEqual(before);
    }
  });
});

test('a refusal for want of a role says who may', async () => {
  const { id: projectId, manager, owner } = await cast(app);
  const { errors } = await manager.graphql(SET_ACTIVE, { projectId, isActive: false });
  expect(errors?.[0]).toMatchObject({
    message: 'Only the owner of the project, or an administrator, may do this.',
    extensions: { code: 'FORBIDDEN', reason: 'role_missing' },
  });
  expect((await owner.graphql(DELETE, { projectId })).errors?.[0]?.message).toBe(
    'Only administrators may do this with a project.',
  );
});

test('R36 a stranger is told of somebody’s project what is told of none', async () => {
  const { id, slug, stranger } = await cast(app);
  const none = '019abf00-0000-7000-8000-000000000000';
  for (const [theirs, nobodys] of [
    [{ id }, { id: none }],
    [{ slug }, { slug: 'no-such-project' }],
    [{ id }, { id: 'x' }],
  ])
    expect((await stranger.graphql(ONE, theirs)).errors).toEqual(
      (await stranger.graphql(ONE, nobodys)).errors,
    );
});

test('R36 a person’s id is no project’s, and nobody is asked without signing in', async () => {
  const { admin, stranger, id } = await cast(app);
  const { viewer } = await stranger.asks<{ viewer: { id: string } }>('{ viewer { id } }');
  expect(await admin.refusal(DELETE, { projectId: viewer.id })).toBe('NOT_FOUND');
  expect(await admin.refusal(ONE, { id: viewer.id })).toBe('NOT_FOUND');
  const visitor = Object.assign(Object.create(stranger), { headers: {} });
  expect(await visitor.refusal(ONE, { id })).toBe('UNAUTHENTICATED');
});

test('only administrators make projects', async () => {
  const { owner } = await cast(app);
  expect(await owner.refusal(CREATE, { name: 'Mine' })).toBe('FORBIDDEN');
});

test('R36 a key of one project is not found through another', async () => {
  const [one, other] = [await cast(app), await cast(app)];
  const id = await keyId(one);
  expect(await other.owner.refusal(REVOKE_KEY, { projectId: other.id, id })).toBe('NOT_FOUND');
  expect((await projectOf(one.owner, one.id)).apiKeys).toMatchObject([{ id, isActive: true }]);
});

test('R36 a project’s own key does not manage it', async () => {
  const by = await cast(app);
  const headers = { authorization: `Bearer ${await keyOfProject(by.owner, by.id)}` };
  const robot = Object.assign(Object.create(by.owner), { headers });
  expect(await robot.refusal(ONE, { id: by.id })).toBe('NOT_FOUND');
  expect(await robot.refusal(SET_ACTIVE, { projectId: by.id, isActive: false })).toBe('NOT_FOUND');
});

test('who is removed manages no longer, at once; who was added does', async () => {
  const { id: projectId, owner, manager, stranger } = await cast(app);
  await owner.asks(ADD, { projectId, email: stranger.email });
  expect((await projectOf(stranger, projectId)).viewerRole).toBe('MANAGER');
  await owner.asks(REMOVE, { projectId, email: manager.email });
  expect(await manager.refusal(ONE, { id: projectId })).toBe('NOT_FOUND');
  expect(await manager.refusal(CREATE_KEY, { projectId, name: 'late' })).toBe('NOT_FOUND');
});
