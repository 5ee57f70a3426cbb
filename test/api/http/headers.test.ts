import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp, testApp } from '../../support/app.ts';
import { HELLO, keyOf, post } from '../v1/client.ts';
import { exchange, requestText } from '../v1/raw.ts';

let app: TestApp;
let key: string;
beforeAll(async () => {
  app = await startApp();
  key = await keyOf(app);
});
afterAll(() => app.close());

const graphql = (init: RequestInit = {}) =>
  fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ site { name } }"}',
    ...init,
  });

const KINDS: readonly [string, number, () => Promise<Response>][] = [
  ['the page', 200, () => fetch(`${app.url}/`)],
  ['the page under any address', 200, () => fetch(`${app.url}/c/0189-some-chat`)],
  ['a file of the page', 200, () => fetch(`${app.url}/favicon.svg`)],
  ['a file that is not there', 404, () => fetch(`${app.url}/_app/immutable/none.js`)],
  ['a path that climbs out', 404, () => fetch(`${app.url}/..%2f..%2fetc/passwd.txt`)],
  ['an address of /v1 that is glued wrongly', 404, () => fetch(`${app.url}//v1/models`)],
  ['a hidden file', 404, () => fetch(`${app.url}/.env`)],
  ['an answer of /v1', 200, () => post(app, HELLO, { key })],
  ['a stream of /v1', 200, () => post(app, { ...HELLO, stream: true }, { key })],
  ['a refusal of /v1', 401, () => post(app, HELLO)],
  ['nowhere in /v1', 404, () => fetch(`${app.url}/v1/nowhere`)],
  ['an answer of GraphQL', 200, () => graphql()],
  ['GraphQL by GET', 405, () => graphql({ method: 'GET', body: null })],
  ['a malformed operation', 400, () => graphql({ body: '{' })],
  [
    'GraphQL for another site',
    403,
    () =>
      graphql({ headers: { 'content-type': 'application/json', origin: 'https://evil.example' } }),
  ],
  ['health', 200, () => fetch(`${app.url}/healthz`)],
  ['readiness', 200, () => fetch(`${app.url}/readyz`)],
  ['a sign-in', 302, () => fetch(`${app.url}/devlogin`, { redirect: 'manual' })],
  ['a sign-out', 303, () => fetch(`${app.url}/logout`, { method: 'POST', redirect: 'manual' })],
  ['a page by another method', 404, () => fetch(`${app.url}/nowhere`, { method: 'DELETE' })],
];

test.each(KINDS)('%s carries the security headers', async (_what, status, asked) => {
  const response = await asked();
  await response.text();
  const { headers } = response;
  expect(response.status).toBe(status);
  expect(Object.fromEntries(headers)).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': expect.stringContaining('camera=()'),
    'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
  });
  expect(headers.get('x-powered-by')).toBeNull();
  expect(headers.get('server')).toBeNull();
  expect(headers.get('strict-transport-security')).toBeNull();
});

test('the policy of the page lets only its own scripts run, and loads nothing from elsewhere', async () => {
  const response = await fetch(`${app.url}/`);
  const policy = new Map(
    (response.headers.get('content-security-policy') ?? '').split(';').map((directive) => {
      const [name = '', ...sources] = directive.trim().split(/\s+/);
      return [name, sources] as const;
    }),
  );
  expect(policy.get('default-src')).toEqual(["'none'"]);
  expect(policy.get('object-src') ?? policy.get('default-src')).toEqual(["'none'"]);
  expect(policy.get('base-uri')).toEqual(["'none'"]);
  expect(policy.get('form-action')).toEqual(["'self'"]);
  const scripts = policy.get('script-src') ?? [];
  expect(scripts).toContain("'self'");
  for (const source of scripts) expect(source).toMatch(/^'(self|sha256-[\w+/=]+)'$/);
  const elsewhere = [...policy.values()]
    .flat()
    .filter((source) => /\*|http|unsafe-eval/.test(source));
  expect(elsewhere).toEqual([]);
  expect(await response.text()).toContain('<!doctype html>');
});

test('a page is stored nowhere, its files are kept for good', async () => {
  const page = await fetch(`${app.url}/`);
  expect(page.headers.get('cache-control')).toBe('no-store');
  const [path] = /\/?_app\/immutable\/[\w./-]+\.js/.exec(await page.text()) ?? [];
  const file = await fetch(new URL(path ?? '', `${app.url}/`));
  expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
});

test('a file that has not changed says again how long it may be kept', async () => {
  const first = await fetch(`${app.url}/favicon.svg`);
  const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
  const again = await fetch(`${app.url}/favicon.svg`, { headers });
  expect(again.status).toBe(304);
  for (const { headers } of [first, again]) expect(headers.get('cache-control')).toBe('no-cache');
});

test('all text says that it is UTF-8', async () => {
  const page = await (await fetch(`${app.url}/`)).text();
  const names = page.match(/\/_app\/immutable\/[\w./-]+\.(?:js|css)/g) ?? [];
  expect(names.length).toBeGreaterThan(1);
  for (const path of [
    '/',
    '/favicon.svg',
    '/theme.js',
    '/healthz',
    '/readyz',
    '/nowhere',
    ...names,
  ]) {
    const type = (await fetch(app.url + path)).headers.get('content-type') ?? '';
    expect(type, path).toMatch(/^(text\/\w+|application\/json|image\/svg\+xml); ?charset=utf-8$/);
  }
});

test('answers that are somebody’s own, refusals and redirects are stored nowhere', async () => {
  const paths = [
    '/healthz',
    '/nowhere.txt',
    '/_app/immutable/none.js',
    '/uploads/none',
    '/callback',
  ];
  const others = paths.map((path) => fetch(app.url + path, { redirect: 'manual' }));
  for (const response of await Promise.all([graphql(), post(app, HELLO, { key }), ...others]))
    expect(response.headers.get('cache-control'), response.url).toBe('no-store');
});

test('outside debug browsers are told to insist on HTTPS', async () => {
  const live = await testApp({
    config: {
      app: {
        secret_key: 'a secret of thirty-two characters',
        encryption_key: 'another one of thirty-two characters',
      },
      oauth2: {
        client_id: 'lumen',
        client_secret: 'secret',
        server_metadata_url: 'https://127.0.0.1:9/.well-known/openid-configuration',
      },
    },
  });
  for (const path of ['/', '/v1/models', '/healthz', '/graphql']) {
    const { headers } = await fetch(live.url + path);
    expect(headers.get('strict-transport-security')).toBe('max-age=63072000; includeSubDomains');
  }
});

test.each([
  ['no HTTP at all', 'hello\r\n\r\n'],
  ['a header beyond all bounds', `GET / HTTP/1.1\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`],
  [
    'two lengths',
    'POST /v1/models HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx',
  ],
  [
    'a length and chunks',
    'POST /v1/models HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
])('what is no request ends in a 4xx and a closed connection: %s', async (_what, text) => {
  expect(await exchange(app, text)).toMatch(/^HTTP\/1\.1 4\d\d /);
  expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
});

test('an upgrade anywhere but on /graphql is refused', async () => {
  const upgrade = { connection: 'upgrade', upgrade: 'websocket' };
  for (const path of ['/', '/v1/chat/completions', '/graphqlx'])
    expect(await exchange(app, requestText('GET', path, upgrade))).toMatch(/^HTTP\/1\.1 404 /);
});
