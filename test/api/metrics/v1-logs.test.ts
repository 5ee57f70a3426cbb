import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import { resetsAfter, responds, waits } from '../../support/fake-model.ts';
import { HELLO, keyOf, post } from '../v1/client.ts';
import { PATIENCE } from './scrape.ts';

let app: TestApp;
let key: string;
beforeAll(async () => {
  const plain = { input_cost_per_million: 1, output_cost_per_million: 1 };
  app = await startApp({
    config: ({ url }) => ({
      models: ['fake', 'secret', 'down'].map((name) => ({
        ...plain,
        name,
        ...(name === 'secret' && { access: 'blocked' }),
        endpoints: [{ url, model: name === 'down' ? 'not-served' : 'fake-1' }],
      })),
      users: { 'poor@example.org': { max: 0.000001, refresh: 0 } },
    }),
  });
  key = await keyOf(app);
});
afterAll(() => app.close());

const INFO = 30;
const known = {
  msg: 'request',
  method: 'POST',
  route: '/v1/chat/completions',
  durationMs: expect.any(Number),
};

/** All that was said of a request at the level of every day. */
const linesOf = (id: string | null) => () =>
  app.log.filter(
    ({ request, completion, level }) => [request, completion].includes(id) && level === INFO,
  );

async function isOneLine(response: Response, line: object): Promise<void> {
  await response.text().catch(() => undefined);
  const id = response.headers.get('x-request-id');
  await expect
    .poll(linesOf(id), PATIENCE)
    .toEqual([expect.objectContaining({ request: id, ...line })]);
}

test('a request on /v1 is one line, with whose it was, what it took and what it cost', async () => {
  for (const stream of [false, true])
    await isOneLine(await post(app, { ...HELLO, stream }, { key }), {
      ...known,
      status: 200,
      account: expect.any(String),
      model: 'fake',
      endpointId: expect.any(String),
      outcome: 'finished',
      failureCode: null,
      inputTokens: expect.any(Number),
      outputTokens: expect.any(Number),
      cost: expect.stringMatching(/^\d+$/),
      firstTokenMs: stream ? expect.any(Number) : null,
    });
});

test.each([
  ['without a key', 401, { key: 'sk_wrong' }, {}, { code: 'invalid_api_key' }],
  ['of an unknown model', 404, {}, { model: 'made-up' }, { code: 'model_not_found' }],
  ['of a blocked model', 403, {}, { model: 'secret' }, { model: 'secret' }],
  ['of a model that is down', 503, {}, { model: 'down' }, { model: 'down', outcome: 'failed' }],
  ['that is malformed', 400, {}, { messages: undefined }, { code: expect.any(String) }],
] as const)('a request %s is one line, with its code', async (_what, status, more, body, line) => {
  const response = await post(app, { ...HELLO, ...body }, { key, ...more });
  expect(response.status).toBe(status);
  await isOneLine(response, { ...known, status, ...line });
  expect(JSON.stringify(app.log)).not.toContain('made-up');
});

test('a request that can not be paid is one line, with the account', async () => {
  const poor = await app.person('poor@example.org');
  const response = await post(app, HELLO, { key: (await poor.withKey()).key });
  const line = {
    status: 429,
    account: expect.any(String),
    model: 'fake',
    code: 'insufficient_quota',
  };
  await isOneLine(response, { ...known, ...line });
});

test('a request that a model server refuses, or breaks off, is one line', async () => {
  app.model.answerNext(responds(422, { error: { message: 'no' } }));
  await isOneLine(await post(app, HELLO, { key }), {
    ...known,
    status: 422,
    model: 'fake',
    outcome: 'failed',
    failureCode: 'UPSTREAM_REFUSED',
  });
  app.model.answerNext(resetsAfter('a'));
  await isOneLine(await post(app, { ...HELLO, stream: true }, { key }), {
    ...known,
    status: 200,
    outcome: 'failed',
    failureCode: 'UPSTREAM_FAILED',
    outputTokens: 1,
  });
});

test('a client that leaves makes one line, written when its bill is', async () => {
  app.model.answerNext(waits());
  const arrival = app.model.received(app.model.requests.length + 1);
  const client = new AbortController();
  const asked = post(app, { ...HELLO, stream: true }, { key, signal: client.signal });
  const request = await arrival;
  await request.delivers('Hi');
  const response = await asked;
  client.abort();
  await isOneLine(response, { ...known, status: 200, outcome: 'stopped', outputTokens: 1 });
});
