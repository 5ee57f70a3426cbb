import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import { answers, refuses, responds } from '../../support/fake-model.ts';
import { errorOf, HELLO, keyOf, post, sdkOf } from './client.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({
    config: ({ url }) => {
      const price = { input_cost_per_million: 1000, output_cost_per_million: 2000 };
      const endpoints = [{ url, model: 'fake-1', api_key: 'upstream-secret' }];
      return {
        models: [
          { name: 'fake', ...price, endpoints },
          { name: 'blocked', ...price, endpoints, access: 'blocked' },
          { name: 'terms', ...price, endpoints, needs_ack: true },
          { name: 'off', ...price, endpoints, disabled: true },
          { name: 'down', ...price, endpoints: [{ url, model: 'not-served' }] },
        ],
        groups: {
          default: { max: 10, refresh: 0, starting: 10, model_access: { default: 'allowed' } },
        },
        users: {
          'poor@example.org': { max: 0.001 },
          'none@example.org': { max: 0 },
          // Regains in an hour what a request needs that has one token to write.
          'slow@example.org': { max: 1, starting: 0, refresh: 0.05 },
        },
      };
    },
  });
});
afterAll(() => app.close());

const asks = (openai: OpenAI, model = 'fake') =>
  openai.chat.completions.create({ ...HELLO, model }).catch((error: unknown) => error);

test('a key that opens nothing is an AuthenticationError', async () => {
  const error = await asks(await sdkOf(app, { apiKey: 'sk_wrong' }));
  expect(error).toBeInstanceOf(OpenAI.AuthenticationError);
  const told = { status: 401, code: 'invalid_api_key', type: 'authentication_error', param: null };
  expect(error).toMatchObject(told);
});

test.each([
  ['blocked', 'model_not_allowed', 403, OpenAI.PermissionDeniedError],
  ['terms', 'acknowledgement_required', 403, OpenAI.PermissionDeniedError],
  ['off', 'model_not_found', 404, OpenAI.NotFoundError],
  ['nothing', 'model_not_found', 404, OpenAI.NotFoundError],
  ['down', 'model_unavailable', 503, OpenAI.InternalServerError],
])('the model "%s" is refused as %s, %d', async (model, code, status, kind) => {
  const before = app.model.requests.length;
  const error = await asks(await sdkOf(app), model);
  expect(error).toBeInstanceOf(kind);
  const param = status === 503 ? null : 'model';
  const requestID = expect.stringMatching(/^[\w-]{36}$/);
  expect(error).toMatchObject({ status, code, param, requestID });
  expect(app.model.requests).toHaveLength(before);
});

test('who must accept terms first is told where', async () => {
  const error = await asks(await sdkOf(app), 'terms');
  expect(String(error)).toContain(`You can do so at ${app.url}/models/terms`);
});

test('who has no budget is refused as PermissionDeniedError', async () => {
  const { key } = await (await app.person('none@example.org')).withKey();
  const error = await asks(await sdkOf(app, { apiKey: key }));
  expect(error).toBeInstanceOf(OpenAI.PermissionDeniedError);
  expect(error).toMatchObject({ status: 403, code: 'no_budget' });
});

test('a spent pool is a RateLimitError that the SDK does not try again', async () => {
  const { key } = await (await app.person('poor@example.org')).withKey();
  let calls = 0;
  const counting: typeof fetch = (...call) => {
    calls += 1;
    return fetch(...call);
  };
  const error = await asks(await sdkOf(app, { apiKey: key, maxRetries: 3, fetch: counting }));
  expect(error).toBeInstanceOf(OpenAI.RateLimitError);
  expect(error).toMatchObject({
    status: 429,
    code: 'insufficient_quota',
    type: 'insufficient_quota',
  });
  expect(calls).toBe(1);
});

test('a spent pool says how long it takes to regain enough', async () => {
  const { key } = await (await app.person('slow@example.org')).withKey();
  const response = await post(app, { ...HELLO, max_tokens: 1 }, { key });
  expect(response.status).toBe(429);
  const seconds = Number(response.headers.get('retry-after'));
  const [, at = ''] = /enough at (\S+Z)\./.exec((await errorOf(response)).message) ?? [];
  expect(seconds).toBeGreaterThan(60);
  expect(Math.abs(Date.parse(at) - Date.now() - seconds * 1000)).toBeLessThan(10_000);
});

test('what the model server refuses as wrong is a BadRequestError, with its cleaned words', async () => {
  app.model.answerNext(
    refuses(
      400,
      "This model's maximum context length is 4096 tokens. See http://10.0.0.7:8000/docs, key upstream-secret",
    ),
  );
  const error = await asks(await sdkOf(app));
  expect(error).toBeInstanceOf(OpenAI.BadRequestError);
  expect(error).toMatchObject({ status: 400, type: 'invalid_request_error' });
  const { message } = error as Error;
  expect(message).toContain('maximum context length is 4096 tokens');
  expect(message).not.toMatch(/10\.0\.0\.7|8000|upstream-secret/);
});

test('a missing field is a BadRequestError that names it', async () => {
  const openai = await sdkOf(app);
  const error = await openai.chat.completions
    .create({ model: 'fake', messages: [] })
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(OpenAI.BadRequestError);
  expect(error).toMatchObject({ status: 400, param: 'messages' });
});

test('a busy model server is a RateLimitError that keeps Retry-After and may be tried again', async () => {
  app.model.answerNext(refuses(429, 'slow down', { 'retry-after': '7' }));
  const key = await keyOf(app);
  const response = await post(app, HELLO, { key });
  expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7']);
  expect(response.headers.get('x-should-retry')).toBeNull();
  app.model.answerNext(refuses(429, 'slow down', { 'retry-after': '0' }));
  app.model.answer(answers({ texts: ['Hi'] }));
  const openai = await sdkOf(app, { maxRetries: 1 });
  expect(await asks(openai)).toMatchObject({ object: 'chat.completion' });
});

test.each([
  ['crashes', responds(500, 'Traceback: /home/llm/secret.py'), 502, 'upstream_failed'],
  ['refuses our key', refuses(401, 'bad key sk-upstream'), 502, 'upstream_refused_credentials'],
  ['forbids us', refuses(403, 'no'), 502, 'upstream_refused_credentials'],
  ['is down for service', refuses(503, 'restarting'), 502, 'upstream_failed'],
])(
  'R17 a model server that %s is an InternalServerError that tells nothing of it',
  async (_what, behaviour, status, code) => {
    app.model.answerNext(behaviour);
    const error = await asks(await sdkOf(app));
    expect(error).toBeInstanceOf(OpenAI.InternalServerError);
    expect(error).toMatchObject({ status, code });
    expect((error as Error).message).not.toMatch(/Traceback|secret|sk-upstream|127\.0\.0\.1/);
    await expect.poll(async () => (await fetch(`${app.url}/readyz`)).status).toBe(200);
  },
);

test('every answer names its request, and the log knows that name', async () => {
  app.model.answer(answers({ texts: ['Hi'] }));
  const key = await keyOf(app);
  const responses = [
    await post(app, HELLO, { key }),
    await post(app, { ...HELLO, stream: true }, { key }),
    await post(app, HELLO),
    await post(app, '{', { key }),
    await fetch(`${app.url}/v1/models`, { headers: { authorization: `Bearer ${key}` } }),
    await fetch(`${app.url}/v1/nowhere`),
    await fetch(`${app.url}/v1/models`, { method: 'DELETE' }),
  ];
  expect(responses.map(({ status }) => status)).toEqual([200, 200, 401, 400, 200, 404, 405]);
  const ids = responses.map(({ headers }) => headers.get('x-request-id'));
  expect(new Set(ids).size).toBe(ids.length);
  await Promise.all(responses.map((response) => response.text()));
  for (const id of ids.slice(0, 4))
    expect(app.log.some(({ request }) => request === id)).toBe(true);
});

test("every error is OpenAI's whole object, as JSON, and is not stored", async () => {
  const key = await keyOf(app);
  for (const response of [
    await post(app, HELLO),
    await post(app, '{', { key }),
    await post(app, { ...HELLO, model: 'nothing' }, { key }),
    await fetch(`${app.url}/v1/nowhere`),
    await fetch(`${app.url}/v1`),
    await fetch(`${app.url}/v1?a=1`, { method: 'POST' }),
    await fetch(`${app.url}/v1/models`, { method: 'PATCH' }),
  ]) {
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const error = await errorOf(response);
    expect(Object.keys(error).sort()).toEqual(['code', 'message', 'param', 'type']);
    expect(error.message).toMatch(/^[A-Z].+[.)?]$/s);
  }
});
