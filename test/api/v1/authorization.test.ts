import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { errorOf, HELLO, post } from './client.ts';
import { exchange, requestText } from './raw.ts';

let app: TestApp;
let ada: Person;
let key: string;
beforeAll(async () => {
  app = await startApp();
  ada = await app.person();
  ({ key } = await ada.withKey());
});
afterAll(() => app.close());

const models = (headers: Record<string, string>, query = '') =>
  fetch(`${app.url}/v1/models${query}`, { headers });

test.each([
  ['Bearer', 'Bearer '],
  ['bearer in lower case', 'bearer '],
  ['BEARER in upper case', 'BEARER '],
  ['with several spaces', 'Bearer    '],
])('R39 a key opens the door: %s', async (_what, scheme) => {
  expect((await models({ authorization: scheme + key })).status).toBe(200);
});

test.each([
  ['nothing', ''],
  ['a scheme alone', 'Bearer'],
  ['the key alone', 'KEY'],
  ['Basic', `Basic ${Buffer.from('KEY:').toString('base64')}`],
  ['two keys', 'Bearer KEY KEY'],
  ['a key and more', 'Bearer KEYx'],
  ['a part of the key', 'Bearer sk_'],
  ['a key in quotes', 'Bearer "KEY"'],
  ['SQL', "Bearer ' or 1=1; drop table api_key --"],
  ['a huge one', `Bearer sk_${'x'.repeat(8_000)}`],
  ['something else', 'Bearer undefined'],
])('R39 the authorization is refused: %s', async (_what, authorization) => {
  const response = await models({ authorization: authorization.replaceAll('KEY', key) });
  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toBe('Bearer');
  expect(await errorOf(response)).toMatchObject({
    type: 'authentication_error',
    code: 'invalid_api_key',
  });
});

test('R39 a key that is not in the authorization header is not seen', async () => {
  for (const name of ['api_key', 'key', 'access_token', 'authorization'])
    expect((await models({}, `?${name}=${key}`)).status).toBe(401);
  for (const name of ['x-api-key', 'api-key', 'proxy-authorization', 'openai-api-key'])
    expect((await models({ [name]: key })).status).toBe(401);
  expect((await post(app, { ...HELLO, api_key: key })).status).toBe(401);
});

test('R39 a session’s cookie opens nothing here, not even beside a key', async () => {
  expect((await models({ ...ada.headers })).status).toBe(401);
  expect((await models({ ...ada.headers, authorization: 'Bearer sk_wrong' })).status).toBe(401);
  const eve = await app.person();
  await post(app, HELLO, { key, headers: { ...eve.headers } });
  const keys = await ada.asks<{ viewer: { apiKeys: { usage: { requests: number } }[] } }>(
    '{ viewer { apiKeys { usage { requests } } } }',
  );
  expect(keys.viewer.apiKeys[0]?.usage.requests).toBe(1);
});

test('R39 of two authorization headers the first counts, as everywhere in HTTP’s servers on Node', async () => {
  const withBoth = (first: string, second: string) =>
    exchange(
      app,
      requestText('GET', '/v1/models', { authorization: `Bearer ${first}` }).replace(
        '\r\n\r\n',
        `\r\nauthorization: Bearer ${second}\r\n\r\n`,
      ),
    );
  expect(await withBoth(key, 'sk_wrong')).toMatch(/^HTTP\/1\.1 200 /);
  expect(await withBoth('sk_wrong', key)).toMatch(/^HTTP\/1\.1 401 /);
});

test('without a key nothing is told, not even which models there are', async () => {
  for (const path of ['/models/fake', '/models/nothing']) {
    const response = await fetch(`${app.url}/v1${path}`);
    expect(response.status).toBe(401);
  }
  expect((await post(app, { model: 'nothing' })).status).toBe(401);
  expect((await post(app, '{')).status).toBe(401);
});

test('no other site’s page may read an answer', async () => {
  const response = await models({ authorization: `Bearer ${key}`, origin: 'https://evil.example' });
  const preflight = await fetch(`${app.url}/v1/models`, {
    method: 'OPTIONS',
    headers: { origin: 'https://evil.example', 'access-control-request-method': 'GET' },
  });
  for (const { headers } of [response, preflight])
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
});
