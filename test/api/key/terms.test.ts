import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Person } from '../../support/actors.ts';
import { startApp, type TestApp, testApp } from '../../support/app.ts';
import { answers, waits } from '../../support/fake-model.ts';
import { errorOf, HELLO, post } from '../v1/client.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const FIELDS = 'id name expiresAt scopes costMax lastAddressClass isActive usage { requests cost }';
const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { ${FIELDS} } } }`;

interface Key {
  readonly id: string;
  readonly name: string;
  readonly expiresAt: string | null;
  readonly scopes: readonly string[];
  readonly costMax: string | null;
  readonly lastAddressClass: string | null;
  readonly isActive: boolean;
  readonly usage: { readonly requests: number; readonly cost: string };
}
type Script = Person & { readonly key: string; readonly made: Key };

async function script(owner: Person, terms: object): Promise<Script> {
  const { createApiKey } = await owner.asks<{ createApiKey: { secret: string; apiKey: Key } }>(
    CREATE,
    { input: { name: 'script', ...terms } },
  );
  const { secret: key, apiKey: made } = createApiKey;
  const headers = { authorization: `Bearer ${key}` };
  return Object.assign(new Person(owner.url, owner.email, headers), { key, made });
}
const listed = async (owner: Person) =>
  (await owner.asks<{ viewer: { apiKeys: Key[] } }>(`{ viewer { apiKeys { ${FIELDS} } } }`)).viewer
    .apiKeys;

const models = ({ url, headers }: Person) => fetch(`${url}/v1/models`, { headers });
const VIEWER = '{ viewer { apiKeys { id } } }';
const RENAME = 'mutation { renameConversation(id: "x", title: "y") { id } }';
const SEND =
  'mutation { sendMessage(input: { model: "fake", content: "Hi" }) { conversation { id } } }';
const USAGE = '{ viewer { id usage { requests } } }';

test('a key has no limits unless it is given some, and shows what it has', async () => {
  const ada = await app.person();
  const plain = await script(ada, {});
  expect(plain.made).toMatchObject({
    expiresAt: null,
    scopes: ['CHAT', 'MODELS', 'USAGE', 'GRAPHQL'],
    costMax: null,
    lastAddressClass: null,
    isActive: true,
  });
  const terms = {
    expiresAt: '2199-01-01T00:00:00.000Z',
    scopes: ['CHAT', 'GRAPHQL_READ'],
    costMax: '2.5',
  };
  const limited = await script(ada, terms);
  expect(limited.made).toMatchObject({ ...terms, isActive: true });
  expect((await listed(ada)).map(({ costMax }) => costMax)).toEqual(['2.5', null]);
});

test.each([
  ['expiresAt', '2001-01-01T00:00:00Z'],
  ['scopes', []],
  ['costMax', '-1'],
  ['costMax', 'much'],
  ['costMax', '1e3'],
  ['costMax', true],
])('%s can’t be %j', async (name, value) => {
  const ada = await app.person();
  const { errors } = await ada.graphql(CREATE, { input: { name: 'x', [name]: value } });
  expect(errors).toMatchObject([{ extensions: { code: 'INVALID', param: name } }]);
  expect(await listed(ada)).toEqual([]);
});

test('Y2 a key that is given no name has one all the same', async () => {
  const ada = await app.person();
  await ada.asks('mutation { createApiKey { secret } }');
  await script(ada, { name: undefined, scopes: ['CHAT'] });
  expect((await listed(ada)).map(({ name }) => name)).toEqual(['Unnamed Key', 'Unnamed Key']);
});

test('a key that was just used opens nothing from the moment it expires', async () => {
  const ada = await app.person();
  const brief = await script(ada, { expiresAt: new Date(Date.now() + 1500).toISOString() });
  expect((await models(brief)).status).toBe(200);
  await expect.poll(async () => (await models(brief)).status, { timeout: 5000 }).toBe(401);
  expect(await brief.refusal(VIEWER)).toBe('UNAUTHENTICATED');
  expect(await listed(ada)).toMatchObject([{ id: brief.made.id, isActive: false }]);
});

describe('a key opens only what its scopes say', () => {
  test.each([
    ['CHAT', { v1: 200, models: 403, viewer: 403, rename: 403, usage: 403, send: 200, live: 403 }],
    [
      'MODELS',
      { v1: 403, models: 200, viewer: 403, rename: 403, usage: 403, send: 403, live: 403 },
    ],
    ['USAGE', { v1: 403, models: 403, viewer: 403, rename: 403, usage: 200, send: 403, live: 403 }],
    [
      'GRAPHQL_READ',
      { v1: 403, models: 403, viewer: 200, rename: 403, usage: 200, send: 403, live: 403 },
    ],
    [
      'GRAPHQL',
      { v1: 403, models: 403, viewer: 200, rename: 404, usage: 200, send: 200, live: 200 },
    ],
  ])('%s', async (scope, opens) => {
    const own = await script(await app.person(), { scopes: [scope] });
    const graphql = async (query: string) => {
      const { errors } = await own.graphql(query);
      if (!errors) return 200;
      const { code, reason } = { reason: null, ...errors[0]?.extensions };
      if (code === 'FORBIDDEN') expect(reason).toBe('scope_missing');
      return code === 'FORBIDDEN' ? 403 : 404;
    };
    const answer = await post(app, HELLO, { key: own.key });
    if (answer.status === 403)
      expect(await errorOf(answer)).toMatchObject({ code: 'scope_missing' });
    expect({
      v1: answer.status,
      models: (await models(own)).status,
      viewer: await graphql(VIEWER),
      rename: await graphql(RENAME),
      usage: await graphql(USAGE),
      send: await graphql(SEND),
      live: await subscription(own),
    }).toEqual(opens);
  });

  async function subscription(own: Person): Promise<number> {
    const socket = own.socket();
    const events = socket.iterate({
      query: 'subscription { messageStream(messageId: "x", after: 0) { __typename } }',
    });
    const refused = await events
      .next()
      .catch((errors: { extensions: { code: string } }[]) => errors);
    await socket.dispose();
    return JSON.stringify(refused).includes('scope_missing') ? 403 : 200;
  }

  test.each([
    '{ viewer { usage { requests } apiKeys { id } } }',
    'query { viewer { usage { requests } } site { name } }',
    '{ viewer { ...F } } fragment F on Viewer { usage { requests } }',
    'mutation { sendMessage(input: { model: "fake", content: "Hi" }) { conversation { id } } renameConversation(id: "x", title: "y") { id } }',
    'mutation { ...M } fragment M on Mutation { sendMessage(input: { model: "fake", content: "Hi" }) { conversation { id } } }',
  ])('and what hides behind something that is open stays shut: %s', async (query) => {
    const own = await script(await app.person(), { scopes: ['CHAT', 'USAGE'] });
    const before = app.model.requests.length;
    expect(await own.refusal(query)).toBe('FORBIDDEN');
    expect(app.model.requests).toHaveLength(before);
  });
});

test.each([{ scopes: ['GRAPHQL'] }, { costMax: '1' }, { expiresAt: '2199-01-01T00:00:00Z' }])(
  'a key with %j makes no other key',
  async (terms) => {
    const ada = await app.person();
    const own = await script(ada, terms);
    expect(await own.refusal(CREATE, { input: { name: 'more' } })).toBe('FORBIDDEN');
    expect(await listed(ada)).toHaveLength(1);
  },
);

test('of where a key was used from, only the kind of address is kept', async () => {
  const ada = await app.person();
  const own = await script(ada, {});
  await post(app, HELLO, { key: own.key });
  expect(await listed(ada)).toMatchObject([{ lastAddressClass: 'loopback' }]);
});

describe('a key with a cap', () => {
  // The prompt of HELLO is held with about 30 tokens of 0.001 coins, an answer of 50 with 0.1 coins.
  const ASK = { ...HELLO, max_tokens: 50 };
  const spends = { texts: ['Hi'], usage: { prompt_tokens: 20, completion_tokens: 50 } };

  test('is refused when it has cost as much, and no other key of the account with it', async () => {
    const own = await testApp({ config: { budgets: { clamp_output: false } } });
    const ada = await own.person();
    const capped = await script(ada, { costMax: '0.3' });
    own.model.answer(answers(spends));
    expect((await post(own, ASK, { key: capped.key })).status).toBe(200);
    expect((await post(own, ASK, { key: capped.key })).status).toBe(200);
    const refused = await post(own, ASK, { key: capped.key });
    expect(refused.status).toBe(429);
    expect(refused.headers.get('x-should-retry')).toBe('false');
    expect(await errorOf(refused)).toMatchObject({
      type: 'insufficient_quota',
      code: 'key_cap_reached',
    });
    expect(await listed(ada)).toMatchObject([{ usage: { requests: 2, cost: '0.24' } }]);
    const free = await script(ada, {});
    expect((await post(own, ASK, { key: free.key })).status).toBe(200);
  });

  test.each([
    ['limited', {}],
    ['unlimited', { groups: { default: { max: -2, model_access: { default: 'allowed' } } } }],
  ])('never costs more, however many ask at once, when the pool is %s', async (_pool, config) => {
    const own = await testApp({ config: { budgets: { clamp_output: false }, ...config } });
    const ada = await own.person();
    const capped = await script(ada, { costMax: '0.5' });
    own.model.answer(answers(spends));
    const statuses = await Promise.all(
      Array.from({ length: 30 }, async () => (await post(own, ASK, { key: capped.key })).status),
    );
    const passed = statuses.filter((status) => status === 200).length;
    expect(passed).toBeGreaterThanOrEqual(3);
    expect(statuses.filter((status) => status === 429)).toHaveLength(30 - passed);
    const [key] = await listed(ada);
    expect(Number(key?.usage.cost)).toBeLessThanOrEqual(0.5);
    expect(await own.rows('select 1 from reservation')).toEqual([]);
  });

  test('counts what is still running, and gets a shorter answer when little is left', async () => {
    const own = await testApp({
      config: { groups: { default: { max: -2, model_access: { default: 'allowed' } } } },
    });
    const ada = await own.person();
    const capped = await script(ada, { costMax: '0.13' });
    own.model.answerNext(waits());
    const arrival = own.model.received(1);
    const running = post(own, ASK, { key: capped.key });
    const first = await arrival;
    own.model.answer(answers({ texts: ['Hi'] }));
    const second = await post(own, ASK, { key: capped.key });
    expect([first.body.max_tokens, second.status]).toEqual([50, 429]);
    first.finishes();
    await running;
    expect((await post(own, { ...HELLO, max_tokens: 500 }, { key: capped.key })).status).toBe(200);
    const limit = Number(own.model.requests.at(-1)?.body.max_tokens);
    expect(limit).toBeGreaterThanOrEqual(16);
    expect(limit).toBeLessThan(100);
  });
});
