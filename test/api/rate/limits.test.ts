import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI from 'openai';
import { describe, expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import type { Person } from '../../support/actors.ts';
import { configFor, type TestApp, testApp } from '../../support/app.ts';
import { startFakeModel } from '../../support/fake-model.ts';
import { freshDatabase, redisUrl } from '../../support/services.ts';
import { PrivateRedis } from '../live/private-redis.ts';
import { errorOf, HELLO, keyOf, post } from '../v1/client.ts';

const limited = (limit: string, more: object = {}) => ({
  config: { rate_limiting: { limit, ...more } },
});
const SEND = `mutation { sendMessage(input: { model: "fake", content: "Hi" }) { conversation { id } } }`;

const models = (app: { url: string }, authorization: string, headers: object = {}) =>
  fetch(`${app.url}/v1/models`, { headers: { authorization, ...headers } });
const statusesOf = (app: { url: string }, key: string, times: number) =>
  Promise.all(
    Array.from({ length: times }, async () => (await models(app, `Bearer ${key}`)).status),
  );
const standing = ({ headers }: Response) =>
  ['limit', 'remaining', 'reset'].map((name) => Number(headers.get(`ratelimit-${name}`)));
const graphql = ({ url, headers }: Person, query: string) =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });

test('exactly as many requests pass as the limit says, however many come at once', async () => {
  const app = await testApp(limited('7 per hour'));
  const [key, other] = [await keyOf(app), await keyOf(app)];
  const statuses = await statusesOf(app, key, 20);
  expect(statuses.filter((status) => status === 200)).toHaveLength(7);
  expect(statuses.filter((status) => status === 429)).toHaveLength(13);
  expect(await statusesOf(app, other, 1)).toEqual([200]);
});

test('each answer says how the limit stands, and a refusal when to come back, in OpenAI’s words', async () => {
  const app = await testApp(limited('2 per hour'));
  const key = await keyOf(app);
  const first = await post(app, HELLO, { key });
  expect(first.status).toBe(200);
  expect(standing(first)).toEqual([2, 1, 3600]);
  const streamed = await post(app, { ...HELLO, stream: true }, { key });
  expect(standing(streamed).slice(0, 2)).toEqual([2, 0]);
  const refused = await post(app, HELLO, { key });
  expect(refused.status).toBe(429);
  const [, remaining, reset] = standing(refused);
  expect(remaining).toBe(0);
  expect(refused.headers.get('retry-after')).toBe(String(reset));
  expect(await errorOf(refused)).toMatchObject({
    type: 'rate_limit_error',
    code: 'rate_limit_exceeded',
  });
  expect(app.model.requests).toHaveLength(2);
});

test('a key has one allowance for /v1 and its messages, its owner another one', async () => {
  const app = await testApp(limited('2 per hour'));
  const ada = await app.person();
  const script = await ada.withKey();
  expect(await statusesOf(app, script.key, 1)).toEqual([200]);
  await script.says('Hello');
  expect(await script.refusal(SEND)).toBe('RATE_LIMITED');
  expect(await statusesOf(app, script.key, 1)).toEqual([429]);
  await ada.says('Hello');
  await ada.says('Hello again');
  const answer = await graphql(ada, SEND);
  expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(await answer.json()).toMatchObject({
    errors: [
      {
        extensions: {
          code: 'RATE_LIMITED',
          retryAfterSeconds: Number(answer.headers.get('retry-after')),
        },
      },
    ],
  });
});

test('several messages in one operation count each', async () => {
  const app = await testApp(limited('2 per hour'));
  const ada = await app.person();
  const field = (name: string) =>
    `${name}: sendMessage(input: { model: "fake", content: "Hi" }) { conversation { id } }`;
  const { errors } = await ada.graphql(`mutation { ${field('a')} ${field('b')} ${field('c')} }`);
  expect(errors).toMatchObject([{ path: ['c'], extensions: { code: 'RATE_LIMITED' } }]);
});

test('the other operations have twenty times the allowance, over HTTP and sockets together', async () => {
  const app = await testApp(limited('1 per hour'));
  const ada = await app.person();
  for (let asked = 0; asked < 10; asked += 1) await ada.asks('{ viewer { id } }');
  const answer = await graphql(ada, '{ viewer { id } }');
  expect(standing(answer).slice(0, 2)).toEqual([20, 9]);
  const socket = ada.socket();
  const asks = () =>
    socket
      .iterate({ query: '{ viewer { id } }' })
      .next()
      .catch((errors: unknown) => ({ errors }));
  for (let asked = 0; asked < 9; asked += 1)
    expect(await asks()).toMatchObject({ value: { data: {} } });
  expect(await asks()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
  await socket.dispose();
  const refused = await graphql(ada, '{ viewer { id } }');
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(await refused.json()).toMatchObject({
    errors: [{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) } }],
  });
});

test('the tightest of several limits refuses, and is the one that is told', async () => {
  const app = await testApp(limited('100 per minute; 3 per hour'));
  const key = await keyOf(app);
  expect(await statusesOf(app, key, 3)).toEqual([200, 200, 200]);
  const refused = await models(app, `Bearer ${key}`);
  expect([refused.status, standing(refused)[0]]).toEqual([429, 3]);
});

test('the SDK waits as long as it is told, and then succeeds', async () => {
  const app = await testApp(limited('1 per second'));
  const openai = new OpenAI({ apiKey: await keyOf(app), baseURL: `${app.url}/v1`, maxRetries: 3 });
  const both = await Promise.all([openai.models.list(), openai.models.list()]);
  expect(both.map(({ data }) => data.length)).toEqual([1, 1]);
});

test('unlimited is no limit, and no word of one', async () => {
  const app = await testApp(limited('unlimited'));
  const key = await keyOf(app);
  const answer = await models(app, `Bearer ${key}`);
  expect(answer.headers.get('ratelimit-limit')).toBeNull();
  expect(await statusesOf(app, key, 60)).not.toContain(429);
});

test('a new limit holds from the save on, and keeps what was counted', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lumen-rate-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const model = await startFakeModel();
  onTestFinished(() => model.close());
  const file = join(folder, 'config.yaml');
  const save = (limit: string) =>
    writeFile(file, stringify({ ...configFor(model), ...limited(limit).config }));
  await save('2 per hour');
  const app = await testApp({ model, env: { CONFIG_YAML: file } });
  const key = await keyOf(app);
  expect(await statusesOf(app, key, 2)).toEqual([200, 200]);
  expect(await statusesOf(app, key, 1)).toEqual([429]);
  await save('100 per hour');
  await expect
    .poll(async () => (await models(app, `Bearer ${key}`)).status, { timeout: 5000 })
    .toBe(200);
  expect(standing(await models(app, `Bearer ${key}`))[1]).toBeLessThan(97);
});

describe('R46 keys that open nothing', () => {
  const bad = (app: TestApp, headers: object = {}) =>
    models(app, `Bearer sk_${crypto.randomUUID()}`, headers);

  test('are refused with 429 after twenty in a minute, also at GraphQL; right ones still pass', async () => {
    const app = await testApp({ config: { rate_limiting: { limit: '1000 per minute' } } });
    const key = await keyOf(app);
    for (let tried = 0; tried < 20; tried += 1) expect((await bad(app)).status).toBe(401);
    const refused = await bad(app);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const stranger = Object.assign(await app.person(), {
      headers: { authorization: 'Bearer sk_no' },
    });
    expect(await stranger.refusal('{ viewer { id } }')).toBe('RATE_LIMITED');
    expect(await statusesOf(app, key, 1)).toEqual([200]);
  });

  test('R55 are counted by the connection, whatever X-Forwarded-For says', async () => {
    const app = await testApp(limited('1000 per minute', { failed_keys: '2 per minute' }));
    const from = async (address: string) => (await bad(app, { 'x-forwarded-for': address })).status;
    expect([await from('203.0.113.1'), await from('203.0.113.2')]).toEqual([401, 401]);
    expect(await from('203.0.113.3')).toBe(429);
  });

  test('R55 are counted by the address that the trusted proxy saw', async () => {
    const { app: own } = configFor({ url: '' } as never) as { app: object };
    const app = await testApp({
      config: {
        app: { ...own, trusted_proxies: 1 },
        rate_limiting: { failed_keys: '2 per minute' },
      },
    });
    const from = async (chain: string) => (await bad(app, { 'x-forwarded-for': chain })).status;
    expect([await from('1.1.1.1, 203.0.113.1'), await from('2.2.2.2, 203.0.113.1')]).toEqual([
      401, 401,
    ]);
    expect(await from('3.3.3.3, 203.0.113.1')).toBe(429);
    expect(await from('203.0.113.1, 203.0.113.2')).toBe(401);
  });
});

describe.skipIf(!redisUrl())('two replicas with Redis', () => {
  async function replicas(limit: string, redis: string) {
    const shared = {
      ...limited(limit),
      databaseUrl: await freshDatabase(),
      env: { REDIS_URL: redis },
    };
    return [await testApp(shared), await testApp(shared)] as const;
  }

  test('let exactly as many requests pass as the limit says', async () => {
    const [one, two] = await replicas('9 per hour', redisUrl() ?? '');
    const key = await keyOf(one);
    const statuses = await Promise.all([statusesOf(one, key, 15), statusesOf(two, key, 15)]);
    expect(statuses.flat().filter((status) => status === 200)).toHaveLength(9);
    expect(statuses.flat().filter((status) => status === 429)).toHaveLength(21);
  });

  test('count each for itself while Redis is away, and serve on', async () => {
    const redis = await PrivateRedis.start();
    const [one, two] = await replicas('3 per hour', redis.url);
    const key = await keyOf(one);
    expect(await statusesOf(one, key, 1)).toEqual([200]);
    await redis.kill();
    for (const app of [one, two]) {
      const statuses = await statusesOf(app, key, 6);
      expect(statuses.filter((status) => status === 200)).toHaveLength(3);
      expect(statuses.filter((status) => status === 429)).toHaveLength(3);
    }
  });
});
