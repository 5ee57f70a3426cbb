import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Person } from '../../support/actors.ts';
import { startApp, type TestApp, testApp } from '../../support/app.ts';

const SECRET = 'a secret of thirty-two characters';
const LIVE = {
  app: { secret_key: SECRET, encryption_key: 'another one of thirty-two characters' },
  oauth2: {
    client_id: 'lumen',
    client_secret: 'secret',
    server_metadata_url: 'https://127.0.0.1:9/.well-known/openid-configuration',
  },
};

let app: TestApp;
beforeAll(async () => {
  app = await startApp({
    config: { app: { debug: true, dev_user: 'Dev@Example.com', secret_key: SECRET } },
  });
});
afterAll(() => app.close());

const signIn = (url = app.url, query = '') =>
  fetch(`${url}/devlogin${query}`, { redirect: 'manual' });
const isKnown = async (cookie: string, url = app.url) =>
  (await new Person(url, '', { cookie }).refusal('{ viewer { id } }')) !== 'UNAUTHENTICATED';
const sign = (token: string, secret = SECRET) =>
  `${token}.${createHmac('sha256', secret).update(token).digest('base64url')}`;

/** The value of a person's session cookie, in its two halves. */
async function halves(): Promise<{ token: string; signature: string; value: string }> {
  const { headers } = await app.person();
  const value = headers.cookie?.replace('lumen=', '') ?? '';
  const [token = '', signature = ''] = value.split('.');
  return { token, signature, value };
}

test('the dev login signs the dev user in, and sends the browser to the chat', async () => {
  const response = await signIn();
  expect([response.status, response.headers.get('location')]).toEqual([302, '/']);
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const seen = await new Person(app.url, '', { cookie }).asks('{ viewer { email isAdmin } }');
  expect(seen).toEqual({ viewer: { email: 'dev@example.com', isAdmin: true } });
});

test('the cookie can’t be read by scripts nor sent by other sites’ forms; plain HTTP only in debug', async () => {
  const [cookie = ''] = (await signIn()).headers.getSetCookie();
  expect(cookie).toMatch(/^lumen=[\w-]{43}\.[\w-]{43};/);
  expect(cookie).toMatch(/; Path=\//);
  expect(cookie).toMatch(/; HttpOnly/);
  expect(cookie).toMatch(/; SameSite=Lax/);
  expect(cookie).not.toMatch(/Secure|Domain/i);
});

test.each(['/devlogin', '/callback?code=x&state=y'])('HEAD %s signs nobody in', async (path) => {
  const sessions = () => app.rows('select count(*)::int from session');
  const before = await sessions();
  const response = await fetch(`${app.url}${path}`, { method: 'HEAD', redirect: 'manual' });
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET']);
  expect(response.headers.getSetCookie()).toEqual([]);
  expect(await sessions()).toEqual(before);
});

test('R45 outside debug there is no dev login, and the cookie is bound to this host over HTTPS', async () => {
  const live = await testApp({ config: LIVE });
  const response = await signIn(live.url, '?email=ada@example.org');
  expect([response.status, response.headers.getSetCookie()]).toEqual([404, []]);
  const logout = await fetch(`${live.url}/logout`, { method: 'POST', redirect: 'manual' });
  const [cookie = ''] = logout.headers.getSetCookie();
  expect(cookie).toMatch(/^__Host-lumen=;.*Path=\/;.*HttpOnly; Secure/);
  expect(cookie).not.toMatch(/Domain/i);
});

test('outside debug the session of a plain cookie name is not seen', async () => {
  const live = await testApp({ config: LIVE, databaseUrl: app.databaseUrl, model: app.model });
  const { value } = await halves();
  expect(await isKnown(`lumen=${value}`, live.url)).toBe(false);
  expect(await isKnown(`__Host-lumen=${value}`, live.url)).toBe(true);
});

test('each sign-in is in the log, with the account and without its token', async () => {
  const { email, headers } = await app.person();
  const [account] = await app.rows<{ id: string }>(
    'select id from account where email = $1',
    email,
  );
  const lines = app.log.filter((line) => line.account === account?.id);
  expect(lines).toEqual([expect.objectContaining({ msg: 'signed in', level: 30 })]);
  expect(JSON.stringify(app.log)).not.toContain(headers.cookie?.split(/[=.]/)[1]);
});

test('each sign-in gets a token of its own, and the database holds only its digest', async () => {
  const query = '?email=twice@example.org';
  const cookies = [await signIn(app.url, query), await signIn(app.url, query)].map(
    ({ headers }) => headers.getSetCookie()[0]?.split(/[=.]/)[1] ?? '',
  );
  expect(new Set(cookies).size).toBe(2);
  const rows = await app.rows<{ token_hash: Buffer }>('select token_hash from session');
  for (const { token_hash } of rows) {
    expect(token_hash).toHaveLength(32);
    expect(cookies).not.toContain(token_hash.toString('base64url'));
  }
});

test('the same address in another case is the same person', async () => {
  const idOf = async (email: string) =>
    (await (await app.person(email)).asks<{ viewer: object }>('{ viewer { id email } }')).viewer;
  const [first, second] = [await idOf('grace@example.org'), await idOf(' GRACE@Example.ORG ')];
  expect(second).toEqual(first);
  expect(first).toMatchObject({ email: 'grace@example.org' });
});

test.each([
  '',
  'nobody',
  'a@b@c',
  'a b@example.org',
  '@',
  'x'.repeat(300),
  'a@b\r\nset-cookie: x=1',
])('what is no address signs nobody in: %j', async (email) => {
  const response = await signIn(app.url, `?email=${encodeURIComponent(email)}`);
  expect([response.status, response.headers.getSetCookie()]).toEqual([400, []]);
});

test('a cookie that was made up or changed is nobody’s', async () => {
  const { token, signature, value } = await halves();
  expect(await isKnown(`lumen=${value}`)).toBe(true);
  const changed = `${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`;
  for (const forged of [
    '',
    token,
    `${token}.`,
    `.${signature}`,
    `${value}.${signature}`,
    `${changed}.${signature}`,
    `${token}.${signature.slice(0, -1)}`,
    sign(token, 'the secret of another Lumen'),
    sign(changed),
    `${value}'--`,
    '%zz.%zz',
    'x'.repeat(4_000),
  ])
    expect(await isKnown(`lumen=${forged}`)).toBe(false);
  expect(await isKnown(`other=${value}`)).toBe(false);
  expect(await isKnown('lumen')).toBe(false);
});

test('app.session says how long a session lives, used and unused', async () => {
  const session = { idle_hours: 2, lifetime_days: 1 };
  const debug = { debug: true, dev_user: 'Dev@Example.com', secret_key: SECRET };
  const short = await testApp({ config: { app: { ...debug, session } } });
  const response = await signIn(short.url);
  const [cookie = ''] = response.headers.getSetCookie();
  expect(cookie).toMatch(/; Max-Age=86400;/);
  const left = async () =>
    (
      await short.rows<{ hours: number }>(
        'select extract(epoch from expires_at - now())::float / 3600 as hours from session',
      )
    )[0]?.hours;
  expect(await left()).toBeCloseTo(2, 1);
  await short.rows(
    `update session set seen_at = now() - interval '1 hour', created_at = now() - interval '23 hours'`,
  );
  expect(await isKnown(cookie.split(';')[0] ?? '', short.url)).toBe(true);
  expect(await left()).toBeCloseTo(1, 1);
});

test('a session ends a day after its last use, and lives on while it is used', async () => {
  const { headers, email } = await app.person();
  const cookie = headers.cookie ?? '';
  const session = 'account_id = (select id from account where email = $1)';
  await app.rows(
    `update session set seen_at = now() - interval '23 hours', expires_at = now() + interval '1 hour' where ${session}`,
    email,
  );
  expect(await isKnown(cookie)).toBe(true);
  const [row] = await app.rows<{ hours: number }>(
    `select extract(epoch from expires_at - now())::float / 3600 as hours from session where ${session}`,
    email,
  );
  expect(row?.hours).toBeGreaterThan(23.9);
  await app.rows(
    `update session set expires_at = now() - interval '1 second' where ${session}`,
    email,
  );
  expect(await isKnown(cookie)).toBe(false);
});

test('signing out ends the session on the server, and this one alone', async () => {
  const ada = await app.person('ada@example.org');
  const elsewhere = await app.person('ada@example.org');
  const response = await fetch(`${app.url}/logout`, {
    method: 'POST',
    headers: { ...ada.headers, origin: app.url },
    redirect: 'manual',
  });
  expect([response.status, response.headers.get('location')]).toEqual([303, '/']);
  expect(response.headers.getSetCookie()[0]).toMatch(/^lumen=;.*Max-Age=0/);
  expect(await isKnown(ada.headers.cookie ?? '')).toBe(false);
  expect(await isKnown(elsewhere.headers.cookie ?? '')).toBe(true);
});

test('R42 signing out is no link: GET does nothing', async () => {
  const ada = await app.person();
  const response = await fetch(`${app.url}/logout`, { headers: ada.headers, redirect: 'manual' });
  expect(response.status).toBe(404);
  expect(await isKnown(ada.headers.cookie ?? '')).toBe(true);
});

test.each([
  'https://evil.example',
  'null',
  'http://localhost.evil.example',
  'http://localhost:1',
  'nonsense',
])('R43 another site can’t sign anybody out: %s', async (origin) => {
  const ada = await app.person();
  const headers = { ...ada.headers, origin };
  const response = await fetch(`${app.url}/logout`, {
    method: 'POST',
    headers,
    redirect: 'manual',
  });
  expect(response.status).toBe(403);
  expect(await isKnown(ada.headers.cookie ?? '')).toBe(true);
});

test('an API key signs nobody out', async () => {
  const ada = await app.person();
  const withKey = await ada.withKey();
  const response = await fetch(`${app.url}/logout`, {
    method: 'POST',
    headers: withKey.headers,
    redirect: 'manual',
  });
  expect(response.status).toBe(303);
  expect(await isKnown(ada.headers.cookie ?? '')).toBe(true);
});
