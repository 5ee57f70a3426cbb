// What a project's keys open, what they cost the project, and how they are shut.
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Person } from '../../support/actors.ts';
import { startApp, type TestApp, testApp } from '../../support/app.ts';
import { answers, startFakeModel, waits } from '../../support/fake-model.ts';
import { freshDatabase, redisUrl } from '../../support/services.ts';
import { RawSocket } from '../graphql/raw-socket.ts';
import { ADD as ADD_MEMBER, CREATE as CREATE_GROUP } from '../group/operations.ts';
import { errorOf, HELLO, post } from '../v1/client.ts';
import {
  ACKNOWLEDGE,
  type Cast,
  CREATE_KEY,
  cast,
  keyOfProject,
  projectOf,
  projectsOf,
  REVOKE_KEY,
  SET_ACTIVE,
} from './operations.ts';

const config = {
  projects: { default: { max: 5, model_access: { default: 'allowed' } } },
};

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ config });
});
afterAll(() => app.close());

const sdk = (apiKey: string, { url } = app) =>
  new OpenAI({ apiKey, baseURL: `${url}/v1`, maxRetries: 0 });
const robotOf = async ({ owner, id }: Cast): Promise<Person> =>
  new Person(owner.url, owner.email, { authorization: `Bearer ${await keyOfProject(owner, id)}` });
const SEND =
  'mutation { sendMessage(input: { model: "fake", content: "Hi" }) { conversation { id } } }';

test('the official SDK asks with a project’s key, and the project’s pool pays', async () => {
  const by = await cast(app);
  const key = await keyOfProject(by.manager, by.id);
  app.model.answerNext(
    answers({ texts: ['Hello'], usage: { prompt_tokens: 100, completion_tokens: 50 } }),
  );
  const answer = await sdk(key).chat.completions.create(HELLO);
  expect(answer.choices[0]?.message.content).toBe('Hello');
  const project = await projectOf(by.manager, by.id);
  expect(project).toMatchObject({
    pool: { left: '4.8', max: '5' },
    usage: { requests: 1, cost: '0.2' },
    apiKeys: [{ name: 'robot', isActive: true }],
    models: [{ name: 'fake', access: 'ALLOWED' }],
  });
  expect((await by.manager.pool()).left).toBe(10);
  expect((await sdk(key).models.list()).data.map(({ id }) => id)).toEqual(['fake']);
});

test('a list of projects has each its own pool, usage, keys and managers', async () => {
  const [one, two] = [await cast(app, 'Sheet one'), await cast(app, 'Sheet two')];
  await sdk(await keyOfProject(one.owner, one.id)).chat.completions.create(HELLO);
  const { nodes } = await projectsOf(one.admin, { search: 'sheet' });
  expect(nodes).toMatchObject([
    { usage: { requests: 1 }, apiKeys: [{}], managers: [{ email: one.owner.email }, {}] },
    { usage: { requests: 0 }, apiKeys: [], managers: [{ email: two.owner.email }, {}] },
  ]);
  const [spent, whole] = nodes.map(({ pool }) => Number(pool?.left));
  expect(spent).toBeLessThan(5);
  expect(whole).toBe(5);
});

test('P1 with a project’s key one asks on /v1 and reads GraphQL, but does not chat', async () => {
  const by = await cast(app);
  const robot = await robotOf(by);
  const { viewer } = await robot.asks<{ viewer: object }>(
    '{ viewer { id email isAdmin pool { left } } conversations { nodes { id } } }',
  );
  expect(viewer).toEqual({ id: by.id, email: null, isAdmin: false, pool: { left: '5' } });
  const { errors } = await robot.graphql(SEND);
  expect(errors?.[0]).toMatchObject({
    message: 'A project has no chat: its keys ask on /v1.',
    extensions: { code: 'FORBIDDEN', reason: 'project_no_chat' },
  });
  expect(await app.rows('select from conversation where owner_id = $1', by.id)).toEqual([]);
});

test('a project’s key has the terms of any key, and a limited key makes none', async () => {
  const by = await cast(app);
  const input = { name: 'capped', costMax: '0', scopes: ['MODELS'] };
  const capped = await keyOfProject(by.manager, by.id, input);
  expect((await errorOf(await post(app, HELLO, { key: capped }))).code).toBe('scope_missing');
  const refused = { projectId: by.id, input: { name: 'none', scopes: [] } };
  expect(await by.manager.refusal(CREATE_KEY, refused)).toBe('INVALID');

  const { createApiKey } = await by.manager.asks<{ createApiKey: { secret: string } }>(
    'mutation { createApiKey(input: { name: "own", costMax: "1" }) { secret } }',
  );
  const headers = { authorization: `Bearer ${createApiKey.secret}` };
  const script = new Person(by.manager.url, by.manager.email, headers);
  const { errors } = await script.graphql(CREATE_KEY, { projectId: by.id, name: 'more' });
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', reason: 'key_limited' });
});

test('a revoked key of a project opens nothing, at once; the trail says who made and who ended it', async () => {
  const by = await cast(app);
  const key = await keyOfProject(by.manager, by.id);
  expect((await post(app, HELLO, { key })).status).toBe(200);
  const [made] = (await projectOf(by.owner, by.id)).apiKeys;
  await by.owner.asks(REVOKE_KEY, { projectId: by.id, id: made?.id });
  expect((await post(app, HELLO, { key })).status).toBe(401);
  const entries = await app.rows(
    `select action, email, after ->> 'account' as account from audit_entry e join account a on a.id = e.actor_id
      where subject = $1 order by e.id`,
    made?.id,
  );
  expect(entries).toEqual([
    { action: 'key.created', email: by.manager.email, account: by.id },
    { action: 'key.revoked', email: by.owner.email, account: by.id },
  ]);
});

test('R40 an inactive project: keys get 403, its sockets close, what runs is stopped and paid for', async () => {
  const by = await cast(app);
  const robot = await robotOf(by);
  const key = robot.headers.authorization?.slice('Bearer '.length) ?? '';
  const socket = await RawSocket.connect(app.url, { headers: robot.headers });
  const arrival = app.model.received(app.model.requests.length + 1);
  app.model.answerNext(waits());
  const asked = sdk(key).chat.completions.create({ ...HELLO, stream: true });
  const request = await arrival;
  request.says('Some words');
  const reading = Array.fromAsync(await asked).catch((error: unknown) => error);
  await by.owner.asks(SET_ACTIVE, { projectId: by.id, isActive: false });
  await request.closedByClient;
  expect(await socket.closed).toMatchObject({ code: 4403 });
  expect(await reading).toBeInstanceOf(Error);
  const response = await post(app, HELLO, { key });
  expect(response.status).toBe(403);
  const shut = { type: 'authentication_error', code: 'account_disabled' };
  expect(await errorOf(response)).toMatchObject(shut);
  await expect
    .poll(async () => (await projectOf(by.owner, by.id)).usage.requests, { interval: 20 })
    .toBe(1);

  await by.owner.asks(SET_ACTIVE, { projectId: by.id, isActive: true });
  expect((await post(app, HELLO, { key })).status).toBe(200);
});

test('a project is put into a group by hand, by its slug', async () => {
  const by = await cast(app);
  await by.admin.asks(CREATE_GROUP, { input: { name: 'big', pool: { max: 70 } } });
  const other = await testApp({ databaseUrl: app.databaseUrl, model: app.model });
  const asks = (query: string, more: object) => by.admin.at(other.url).asks(query, more);
  expect((await projectOf(by.owner.at(other.url), by.id)).pool).toBeNull();
  const ADD = `mutation ($project: String!) { addGroupMember(group: "big", project: $project) {
    members { nodes { name email slug isByHand } } } }`;
  const REMOVE = `mutation ($project: String!) { removeGroupMember(group: "big", project: $project) { name } }`;
  expect(await asks(ADD, { project: by.slug })).toMatchObject({
    addGroupMember: { members: { nodes: [{ email: null, slug: by.slug, isByHand: true }] } },
  });
  expect((await projectOf(by.owner.at(other.url), by.id)).pool).toMatchObject({ max: '70' });
  await asks(REMOVE, { project: by.slug });
  expect((await projectOf(by.owner.at(other.url), by.id)).pool).toBeNull();
  expect(await by.admin.refusal(ADD, { project: 'no-such' })).toBe('NOT_FOUND');
  expect(await by.admin.refusal('mutation { addGroupMember(group: "big") { name } }')).toBe(
    'INVALID',
  );
  expect(await by.admin.refusal(ADD_MEMBER, { group: 'big', email: by.slug })).toBe('INVALID');
});

test('K2 what is acknowledged for a project is so for the project alone', async () => {
  const needy = await testApp({
    config: (model) => ({
      ...config,
      models: [
        {
          name: 'fake',
          input_cost_per_million: 1,
          output_cost_per_million: 1,
          needs_ack: true,
          endpoints: [{ url: model.url, model: 'fake-1' }],
        },
      ],
    }),
  });
  const by = await cast(needy);
  const key = await keyOfProject(by.manager, by.id);
  const refused = await post(needy, HELLO, { key });
  const { code, message } = await errorOf(refused);
  expect(code).toBe('acknowledgement_required');
  expect(message).toContain(`You can do so at ${needy.url}/projects/${by.slug}`);
  const variables = { projectId: by.id, name: 'fake' };
  expect(await by.manager.asks(ACKNOWLEDGE, variables)).toEqual({
    acknowledgeModelForProject: { name: 'fake', access: 'ALLOWED', isAcknowledged: true },
  });
  await by.manager.asks(ACKNOWLEDGE, variables);
  expect((await post(needy, HELLO, { key })).status).toBe(200);
  expect(await by.manager.asks('{ models { access } }')).toEqual({
    models: [{ access: 'ACKNOWLEDGEMENT_NEEDED' }],
  });
  expect(await by.manager.refusal(ACKNOWLEDGE, { ...variables, name: 'none' })).toBe('NOT_FOUND');
  expect(
    await needy.rows(`select after from audit_entry where action = 'account.model_acknowledged'`),
  ).toEqual([{ after: { model: 'fake' } }]);
});

test('a change of the file holds at once: pool, models, and the block that replaces default', async () => {
  const own = await testApp({ config });
  const by = await cast(own, 'Big Iron');
  const key = await keyOfProject(by.owner, by.id);
  const maxIs = (max: string | null) =>
    expect
      .poll(async () => (await projectOf(by.owner, by.id)).pool?.max ?? null, { interval: 20 })
      .toBe(max);
  await maxIs('5');
  await own.saves({ projects: { ...config.projects, 'Big Iron': { max: 80 } } });
  await maxIs('80');
  expect((await projectOf(by.owner, by.id)).models).toEqual([]);
  expect((await errorOf(await post(own, HELLO, { key }))).code).toBe('model_not_allowed');
  await own.saves({ projects: { ...config.projects, 'big-iron': {} } });
  await maxIs('5');
  expect((await post(own, HELLO, { key })).status).toBe(200);
  await own.saves({ projects: {} });
  await maxIs(null);
});

describe.skipIf(!redisUrl())('two replicas', () => {
  test('R40 a project that is shut at one is refused at the other', async () => {
    const model = await startFakeModel();
    const databaseUrl = await freshDatabase();
    const options = { model, databaseUrl, env: { REDIS_URL: redisUrl() ?? '' }, config };
    const [one, two] = await Promise.all([startApp(options), startApp(options)]);
    try {
      const by = await cast(one);
      const key = await keyOfProject(by.owner, by.id);
      expect((await post(two, HELLO, { key })).status).toBe(200);
      await by.owner.asks(SET_ACTIVE, { projectId: by.id, isActive: false });
      await expect
        .poll(async () => (await post(two, HELLO, { key })).status, {
          interval: 10,
          timeout: 1_000,
        })
        .toBe(403);
    } finally {
      await Promise.all([one.close(), two.close()]);
      await model.close();
    }
  });
});
