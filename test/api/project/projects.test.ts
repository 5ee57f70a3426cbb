import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import {
  ADD,
  CREATE,
  cast,
  ONE,
  type ProjectAnswer,
  projectOf,
  REMOVE,
  RENAME,
  SEARCH,
  SET_ACTIVE,
  TRANSFER,
} from './operations.ts';

let app: TestApp;
let admin: Person;
beforeAll(async () => {
  app = await startApp();
  admin = await app.person('dev@example.com');
});
afterAll(() => app.close());

const creates = async (name: string, ownerEmail?: string) =>
  (await admin.asks<{ createProject: ProjectAnswer }>(CREATE, { name, ownerEmail })).createProject;
const errorOf = async (person: Person, query: string, variables: object) =>
  (await person.graphql(query, variables)).errors?.[0]?.extensions;
const count = async (): Promise<unknown> => app.rows('select count(*) from account');

test('a project has its name, its slug and its owner; who made it is no manager', async () => {
  const ada = await app.person('ada.owner@example.org');
  const made = await creates('  Röbot \n Lab ', ' ADA.owner@example.org ');
  expect(made).toMatchObject({
    name: 'Röbot Lab',
    slug: 'robot-lab',
    initials: 'RÖ',
    isActive: true,
    viewerRole: 'ADMIN',
    managers: [{ name: 'ada.owner', email: 'ada.owner@example.org', isOwner: true }],
    pool: null,
    usage: { requests: 0, cost: '0' },
    apiKeys: [],
    models: [],
  });
  const { project } = await ada.asks<{ project: ProjectAnswer }>(ONE, { slug: 'robot-lab' });
  expect(project).toEqual({ ...made, viewerRole: 'OWNER' });
});

test('a name that is taken, reserved, empty or too long is refused, and so is its slug', async () => {
  await creates('Weather');
  const before = await count();
  for (const name of ['Weather', 'WEATHER', ' weather! '])
    expect(await errorOf(admin, CREATE, { name })).toMatchObject({
      code: 'CONFLICT',
      param: 'name',
    });
  for (const name of ['', ' \t', 'new', 'Default', '???'])
    expect(await errorOf(admin, CREATE, { name })).toMatchObject({
      code: 'INVALID',
      param: 'name',
    });
  expect(await admin.refusal(CREATE, { name: 'x'.repeat(129) })).toBe('TOO_LARGE');
  expect(await count()).toEqual(before);
});

test('of two that make a project of one name at the same time, one does', async () => {
  const answers = await Promise.all(
    ['Twin', 'twin', 'TWIN', 'Twin!'].map((name) => admin.refusal(CREATE, { name })),
  );
  expect(answers.filter((code) => code === undefined)).toHaveLength(1);
  expect(answers.filter((code) => code === 'CONFLICT')).toHaveLength(3);
});

test('an owner who is unknown, disabled or no address makes no project', async () => {
  const before = await count();
  const cases = [
    ['nobody@example.org', 'NOT_FOUND'],
    ['nonsense', 'INVALID'],
  ] as const;
  for (const [ownerEmail, code] of cases)
    expect(await admin.refusal(CREATE, { name: 'Ownerless', ownerEmail })).toBe(code);
  expect(await count()).toEqual(before);
  const gone = await app.person();
  await app.rows('update account set is_active = false where email = $1', gone.email);
  expect(await admin.refusal(CREATE, { name: 'Ownerless', ownerEmail: gone.email })).toBe(
    'NOT_FOUND',
  );
});

test('a new name leaves the slug, so that the block in the file stays the project’s', async () => {
  const { id, slug, owner } = await cast(app, 'Before');
  await creates('Already There');
  const { renameProject } = await owner.asks<{ renameProject: ProjectAnswer }>(RENAME, {
    projectId: id,
    name: ' After  this ',
  });
  expect(renameProject).toMatchObject({ name: 'After this', slug });
  for (const name of ['already there', 'Already-There'])
    expect(await owner.refusal(RENAME, { projectId: id, name })).toBe('CONFLICT');
  expect(await owner.refusal(RENAME, { projectId: id, name: 'after THIS' })).toBeUndefined();
  expect(await owner.refusal(RENAME, { projectId: id, name: 'Before' })).toBeUndefined();
  expect(await admin.refusal(CREATE, { name: 'before' })).toBe('CONFLICT');
});

test('a person is added once, and the owner can not be removed', async () => {
  const { id: projectId, owner, manager, stranger } = await cast(app);
  expect(
    await errorOf(owner, ADD, { projectId, email: manager.email.toUpperCase() }),
  ).toMatchObject({ code: 'CONFLICT', reason: 'already_manager' });
  expect(await owner.refusal(ADD, { projectId, email: 'nobody@example.org' })).toBe('NOT_FOUND');
  expect(await owner.refusal(REMOVE, { projectId, email: stranger.email })).toBe('NOT_FOUND');
  for (const by of [owner, admin])
    expect(await errorOf(by, REMOVE, { projectId, email: owner.email })).toMatchObject({
      code: 'CONFLICT',
      reason: 'is_owner',
    });
});

test('P9 a transferred project has one owner; the one before stays a manager', async () => {
  const { id: projectId, owner, manager, stranger } = await cast(app);
  expect(await errorOf(owner, TRANSFER, { projectId, email: owner.email })).toMatchObject({
    code: 'CONFLICT',
    reason: 'already_owner',
  });
  expect(await owner.refusal(TRANSFER, { projectId, email: 'nobody@example.org' })).toBe(
    'NOT_FOUND',
  );
  const { transferProject } = await owner.asks<{ transferProject: ProjectAnswer }>(TRANSFER, {
    projectId,
    email: stranger.email,
  });
  expect(transferProject.viewerRole).toBe('MANAGER');
  expect(transferProject.managers.filter(({ isOwner }) => isOwner)).toMatchObject([
    { email: stranger.email },
  ]);
  expect(transferProject.managers.map(({ email }) => email).sort()).toEqual(
    [owner, manager, stranger].map(({ email }) => email).sort(),
  );
  expect(await owner.refusal(TRANSFER, { projectId, email: owner.email })).toBe('FORBIDDEN');
});

test('P9 an administrator gives a project without an owner its first one', async () => {
  const ada = await app.person();
  const { id: projectId, managers } = await creates('Nobody’s');
  expect(managers).toEqual([]);
  await admin.asks(TRANSFER, { projectId, email: ada.email });
  expect(await projectOf(ada, projectId)).toMatchObject({ viewerRole: 'OWNER' });
});

test('transfers at the same time leave one owner', async () => {
  const { id: projectId, manager, stranger } = await cast(app);
  await Promise.all(
    [manager, stranger, manager, stranger].map(({ email }) =>
      admin.graphql(TRANSFER, { projectId, email }),
    ),
  );
  const { managers } = await projectOf(admin, projectId);
  expect(managers.filter(({ isOwner }) => isOwner)).toHaveLength(1);
});

test('P8 the search finds ten active people by name or address who do not manage the project', async () => {
  const { id: projectId, owner } = await cast(app);
  for (let at = 0; at < 12; at++) await app.person(`searched-${at}@example.org`);
  const found = async (search: string) =>
    (await owner.asks<{ searchPeopleForProject: object[] }>(SEARCH, { projectId, search }))
      .searchPeopleForProject;
  expect(await found('SEARCHED-')).toHaveLength(10);
  expect(await found('s')).toEqual([]);
  expect(await found(' ')).toEqual([]);
  expect(await found('%_')).toEqual([]);
  const eleven = { name: 'searched-11', email: 'searched-11@example.org' };
  expect(await found('searched-11')).toEqual([eleven]);
  await owner.asks(ADD, { projectId, email: eleven.email });
  expect(await found('searched-11')).toEqual([]);
  await app.rows(
    'update account set is_active = false where email = $1',
    'searched-10@example.org',
  );
  expect(await found('searched-10')).toEqual([]);
  await creates('Searched Project');
  expect(await found('Searched Project')).toEqual([]);
});

test('each change of a project is in the audit trail, with who made it', async () => {
  const { id, owner, manager, stranger } = await cast(app, 'Watched');
  const projectId = id;
  await owner.asks(REMOVE, { projectId, email: manager.email });
  await owner.asks(RENAME, { projectId, name: 'Watched closely' });
  await owner.asks(SET_ACTIVE, { projectId, isActive: false });
  await owner.asks(SET_ACTIVE, { projectId, isActive: false });
  await owner.asks(TRANSFER, { projectId, email: stranger.email });
  const entries = await app.rows<{ email: string; action: string }>(
    `select action, email, before, after from audit_entry e join account a on a.id = e.actor_id
      where subject = $1 order by e.id`,
    id,
  );
  const person = expect.stringMatching(/^[\da-f-]{36}$/);
  expect(entries).toEqual(
    [
      {
        action: 'project.created',
        email: admin.email,
        before: null,
        after: { name: 'Watched', slug: 'watched', owner: person },
      },
      { action: 'project.manager_added', before: null, after: { person } },
      { action: 'project.manager_removed', before: { person }, after: null },
      {
        action: 'project.renamed',
        before: { name: 'Watched' },
        after: { name: 'Watched closely' },
      },
      { action: 'account.disabled', before: { isActive: true }, after: { isActive: false } },
      { action: 'project.transferred', before: { owner: person }, after: { owner: person } },
    ].map((entry) => ({ email: owner.email, ...entry })),
  );
});
