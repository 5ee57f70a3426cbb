import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import { errorOf, HELLO, keyOf, post } from '../v1/client.ts';
import { PATIENCE } from './scrape.ts';

const TOKEN = 'the token:of/monitoring=='.replaceAll(' ', '-');
const monitored = (token: string) => ({ api: { monitoring: { token } } });

let app: TestApp;
beforeAll(async () => {
  app = await startApp({
    config: ({ url }) => {
      const model = (name: string, more: object = {}) => ({
        name,
        input_cost_per_million: 1,
        output_cost_per_million: 2,
        endpoints: [{ url, model: 'fake-1' }],
        ...more,
      });
      return {
        ...monitored(TOKEN),
        models: [
          model('org/secret', { access: 'blocked' }),
          model('terms', { needs_ack: true }),
          model('down', { endpoints: [{ url, model: 'not-served' }] }),
          model('off', { disabled: true }),
        ],
      };
    },
  });
});
afterAll(() => app.close());

const get = (path: string, token = TOKEN): Promise<Response> =>
  fetch(`${app.url}/v1${path}`, { headers: { authorization: `Bearer ${token}` } });

test('Q12 the monitoring token shows every model that is not disabled, whoever may use it', async () => {
  const response = await get('/models');
  expect(response.status).toBe(200);
  const { data } = (await response.json()) as { data: { id: string; status: string }[] };
  expect(data.map(({ id, status }) => [id, status])).toEqual([
    ['down', 'down'],
    ['org/secret', 'ok'],
    ['terms', 'ok'],
  ]);
});

test('Q12 it shows one model, whose name may be encoded', async () => {
  for (const path of ['/models/org/secret', '/models/org%2Fsecret'])
    expect(await (await get(path)).json()).toMatchObject({ id: 'org/secret', status: 'ok' });
  expect((await get('/models/off')).status).toBe(404);
  expect((await get('/models/nothing')).status).toBe(404);
});

test('Q12 it opens nothing else: not /v1, not GraphQL, not the metrics', async () => {
  for (const path of ['/chat/completions', '/completions', '/embeddings']) {
    const refused = await post(app, { ...HELLO, model: 'org/secret' }, { key: TOKEN, path });
    expect(refused.status, path).toBe(403);
    expect(await errorOf(refused)).toMatchObject({
      type: 'authentication_error',
      code: 'monitoring_token',
    });
  }
  const graphql = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
    body: '{"query":"{ models { name } }"}',
  });
  expect(await graphql.text()).toContain('UNAUTHENTICATED');
  const headers = { authorization: `Bearer ${TOKEN}` };
  expect((await fetch(`${app.url}/metrics`, { headers })).status).toBe(404);
});

test('Q12 what only resembles the token opens nothing', async () => {
  for (const token of [TOKEN.slice(1), `${TOKEN}x`, TOKEN.toUpperCase()])
    expect((await get('/models', token)).status, token).toBe(401);
});

test('an API key sees what its owner may use, as ever', async () => {
  const { data } = (await (await get('/models', await keyOf(app))).json()) as {
    data: { id: string }[];
  };
  expect(data.map(({ id }) => id)).toEqual(['down']);
});

test('Q12 the token follows the configuration, and an empty one is none', async () => {
  await app.saves(monitored('another'));
  await expect.poll(async () => (await get('/models', 'another')).status, PATIENCE).toBe(200);
  expect((await get('/models')).status).toBe(401);
  await app.saves({ api: { monitoring: { token: '' } } });
  await expect.poll(async () => (await get('/models', 'another')).status, PATIENCE).toBe(401);
  expect((await get('/models', '')).status).toBe(401);
});

test('Q12 requests with the token are limited by the address that they come from', async () => {
  await app.saves({ ...monitored(TOKEN), rate_limiting: { limit: '1000 per hour' } });
  await expect
    .poll(async () => (await get('/models')).headers.get('ratelimit-limit'), PATIENCE)
    .toBe('1000');
  await app.saves({ ...monitored(TOKEN), rate_limiting: { limit: '1 per hour' } });
  await expect.poll(async () => (await get('/models')).status, PATIENCE).toBe(429);
  expect((await get('/models')).headers.get('retry-after')).toMatch(/^\d+$/);
});
