import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startApp, type TestApp, testApp } from '../../support/app.ts';
import { type Seeded, seeded } from '../../support/seeded.ts';
import { expectCleanBooks } from '../money/audit.ts';
import { errorOf, HELLO, keyOf, post } from './client.ts';
import { exchange, requestText } from './raw.ts';

// Hundreds of requests, and bodies of many megabytes.
vi.setConfig({ testTimeout: 60_000 });

let app: TestApp;
let key: string;
beforeAll(async () => {
  app = await startApp({
    config: { groups: { default: { max: 1e6, model_access: { default: 'allowed' } } } },
  });
  key = await keyOf(app);
});
afterAll(() => app.close());

const PATHS = [
  ...['/chat/completions', '/completions', '/embeddings', '/responses'],
  ...['/images/generations', '/audio/speech'],
];

test.each([
  ['null', 'invalid_json'],
  ['[]', 'invalid_json'],
  ['""', 'invalid_json'],
  ['"x"', 'invalid_json'],
  ['1', 'invalid_json'],
  ['true', 'invalid_json'],
  ['', 'invalid_json'],
  [' ', 'invalid_json'],
  ['{', 'invalid_json'],
  ['{"model":"fake",}', 'invalid_json'],
  ["{'model':'fake'}", 'invalid_json'],
  ['model=fake', 'invalid_json'],
  ['\u0000', 'invalid_json'],
  ['{}', 'invalid_request'],
  ['{"model":""}', 'invalid_request'],
  ['{"model":null}', 'invalid_request'],
  ['{"model":["fake"]}', 'invalid_request'],
  ['{"model":{"name":"fake"}}', 'invalid_request'],
  ['{"model":"fake"}', 'invalid_request'],
  ['{"messages":[],"prompt":"","input":[],"model":"fake"}', 'invalid_request'],
])('R23 the body %j is refused with 400 %s, on every path', async (body, code) => {
  for (const path of PATHS) {
    const response = await post(app, body, { key, path });
    expect(response.status).toBe(400);
    expect(await errorOf(response)).toMatchObject({ type: 'invalid_request_error', code });
  }
});

test.each([
  ['text/plain', 415],
  ['application/x-www-form-urlencoded', 415],
  ['multipart/form-data; boundary=x', 415],
  ['application/json; charset=utf-16', 415],
  ['application/json;charset=UTF-8', 200],
  ['Application/JSON', 200],
  ['application/vnd.api+json', 200],
])('a body of the type %s is answered with %d', async (type, status) => {
  const response = await post(app, HELLO, { key, headers: { 'content-type': type } });
  expect(response.status).toBe(status);
  if (status === 415)
    expect(await errorOf(response)).toMatchObject({
      type: 'invalid_request_error',
      code: 'unsupported_media_type',
      param: null,
    });
});

test.each(['gzip', 'br', 'x'])(
  'a body that is encoded as %s is refused with 415',
  async (encoding) => {
    const response = await post(app, HELLO, { key, headers: { 'content-encoding': encoding } });
    expect(response.status).toBe(415);
    expect(await errorOf(response)).toMatchObject({ code: 'unsupported_media_type' });
  },
);

test.each([
  '"Hi"',
  '{"role":"user"}',
  '[null]',
  '["Hi"]',
  '[[]]',
  '[{"role":"user","content":"Hi"},1]',
])('messages that are %s are refused, and no model sees them', async (messages) => {
  const response = await post(app, `{"model":"fake","messages":${messages}}`, { key });
  expect(response.status).toBe(400);
  expect(await errorOf(response)).toMatchObject({ code: 'invalid_request', param: 'messages' });
});

test('a body nested so deeply that it can not be written is refused', async () => {
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);
  for (const body of [
    `{"model":"fake","messages":[{"role":"user","content":${deep}}]}`,
    `{"model":"fake","messages":[{"role":"user","content":"Hi"}],"x":${deep}}`,
  ]) {
    const response = await post(app, body, { key });
    expect(response.status).toBe(400);
    expect((await errorOf(response)).message).toContain('nested too deeply');
  }
});

const ODD: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  2 ** 53,
  '',
  'x',
  '\u0000',
  '\ud800',
  '../../etc/passwd',
  "' or 1=1 --",
  '9'.repeat(400),
  [],
  [null],
  [[]],
  [{}],
  {},
  { role: 'user' },
  JSON.parse('{"__proto__":{"x":1},"constructor":1}'),
  { toString: 1, valueOf: null },
  { content: [{ type: 'text', text: 5 }] },
];
const FIELDS = [
  ...['messages', 'prompt', 'input', 'stream', 'stream_options', 'max_tokens', 'n', 'best_of'],
  ...['max_completion_tokens', 'n_predict', 'tools', 'temperature', 'stop', 'user', 'logit_bias'],
  ...['extra_body', 'timeout', 'response_format', 'metadata', '__proto__', 'constructor', 'model'],
];

function oddBody(random: Seeded): Record<string, unknown> {
  const body: Record<string, unknown> = { ...HELLO, prompt: 'Hi', input: 'Hi' };
  for (let fields = random.int(1, 4); fields > 0; fields -= 1) {
    const value = random.chance(0.2)
      ? Array(random.int(1, 5)).fill(random.oneOf(ODD))
      : random.oneOf(ODD);
    Object.defineProperty(body, random.oneOf(FIELDS), {
      value,
      enumerable: true,
      configurable: true,
    });
  }
  return body;
}

test('R23 400 bodies with anything in any field: never a fault of ours, and the server lives on', async () => {
  const random = seeded(23);
  for (let round = 0; round < 20; round += 1) {
    const answers = Array.from({ length: 20 }, async () => {
      const body = oddBody(random);
      const response = await post(app, body, { key, path: random.oneOf(PATHS) });
      const text = await response.text();
      // What only the model server can judge was sent to it, and answered.
      if (![200, 400, 404, 429].includes(response.status))
        throw new Error(`${response.status} ${text} for ${JSON.stringify(body)}`);
    });
    await Promise.all(answers);
  }
  expect(app.log.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  expect((await post(app, HELLO, { key })).status).toBe(200);
  await expectCleanBooks(app);
});

test('a body above 20 MB is refused, however it comes', async () => {
  const body = JSON.stringify({ ...HELLO, x: 'x'.repeat(21 * 1024 * 1024) });
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const declared = await post(app, body, { key });
  expect([declared.status, (await errorOf(declared)).code]).toEqual([413, 'request_too_large']);
  const unannounced = await fetch(`${app.url}/v1/chat/completions`, {
    method: 'POST',
    headers,
    body: new Blob([body]).stream(),
    duplex: 'half',
  } as RequestInit);
  expect(unannounced.status).toBe(413);
  const liar = requestText('POST', '/v1/chat/completions', {
    ...headers,
    'content-length': '99999999999',
  });
  expect(await exchange(app, liar)).toMatch(/^HTTP\/1\.1 413 /);
});

test('how large a body may be can be changed while Lumen runs', async () => {
  const other = await testApp();
  const theirs = await keyOf(other);
  const body = { ...HELLO, x: 'x'.repeat(2 * 1024 * 1024) };
  expect((await post(other, body, { key: theirs })).status).toBe(200);
  await other.saves({ api: { limits: { json_mb: 1 } } });
  const status = async () => (await post(other, body, { key: theirs })).status;
  await expect.poll(status, { timeout: 20_000 }).toBe(413);
});

test('a body of 19 MB passes', async () => {
  const messages = [{ role: 'user', content: 'x'.repeat(19 * 1024 * 1024) }];
  const response = await post(app, { model: 'fake', messages }, { key });
  expect(response.status).toBe(200);
});

test('a body that breaks off is nobody’s request', async () => {
  const sent = app.model.requests.length;
  const text = requestText(
    'POST',
    '/v1/chat/completions',
    { authorization: `Bearer ${key}` },
    JSON.stringify(HELLO),
  );
  await exchange(app, text.slice(0, -10), { ends: true });
  expect(app.model.requests).toHaveLength(sent);
  expect((await post(app, HELLO, { key })).status).toBe(200);
});

test.each([
  ['/v1', 404],
  ['/v1/', 404],
  ['/v1/nothing', 404],
  ['/v1/models/', 404],
  ['/v1/models/%zz', 404],
  ['/v1/%zz', 404],
  ['/v1/chat/completions/', 404],
  ['/v1/chat%2Fcompletions', 405],
  ['/v1/models/%00', 404],
  ['/v1/models/..%2f..%2fetc', 404],
  [`/v1/models/${'x'.repeat(9_000)}`, 404],
])('the path %.40s is answered with %d', async (path, status) => {
  const answer = await exchange(app, requestText('GET', path, { authorization: `Bearer ${key}` }));
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(answer).toContain('"type":"invalid_request_error"');
});

test('HTTP/1.0 is answered, with the same rules', async () => {
  const body = JSON.stringify({ ...HELLO, stream: true });
  const text = (authorization: string) =>
    `POST /v1/chat/completions HTTP/1.0\r\n${authorization}content-length: ${body.length}\r\n\r\n${body}`;
  expect(await exchange(app, text(''))).toMatch(/^HTTP\/1\.1 401 /);
  const answer = await exchange(app, text(`authorization: Bearer ${key}\r\n`));
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  expect(answer).toContain('data: [DONE]');
  expect(answer).not.toMatch(/transfer-encoding/i);
});
