// What another site, or whoever sits at the same browser before, could try around a sign-in.
import { afterAll, expect, test } from 'vitest';
import { Person } from '../../support/actors.ts';
import { startApp } from '../../support/app.ts';
import { institution, visitProvider } from '../../support/institution.ts';

const app = await startApp();
afterAll(app.close);

const ADA = { sub: 'ada-1', email: 'ada@example.org', email_verified: true };
const visit = (path: string, cookie = '') =>
  fetch(`${app.url}${path}`, { redirect: 'manual', headers: { cookie } });
const cookieOf = (response: Response, name = 'lumen') =>
  response.headers
    .getSetCookie()
    .map((text) => text.split(';', 1)[0] ?? '')
    .find((pair) => pair.startsWith(`${name}=`)) ?? '';
const isKnown = async (cookie: string, url = app.url) =>
  (await new Person(url, '', { cookie }).refusal('{ viewer { id } }')) === undefined;

test.each([
  'next=//evil.example',
  'next=/%5Cevil.example',
  'next=https://evil.example',
  'next=https:evil.example',
  'next=/%09/evil.example',
  'next=/.//evil.example',
  'next=/%252fevil.example',
  'next=javascript:alert(1)',
  'next=/c/1&next=//evil.example',
  'next[]=//evil.example',
  'next=@evil.example',
])('R42 signing in leads to no other site: %s', async (query) => {
  const response = await visit(`/devlogin?${query}`);
  expect([response.status, response.headers.get('location')]).toEqual([302, '/']);
});

test('R42 a session that was there before the sign-in is not made anybody else’s', async () => {
  const planted = cookieOf(await visit('/devlogin?email=eve@example.org'));
  const response = await visit('/devlogin?email=ada@example.org', planted);
  const own = cookieOf(response);
  expect(own).not.toBe(planted);
  const who = (cookie: string) => new Person(app.url, '', { cookie }).asks('{ viewer { email } }');
  expect(await who(planted)).toEqual({ viewer: { email: 'eve@example.org' } });
  expect(await who(own)).toEqual({ viewer: { email: 'ada@example.org' } });
  const invented = 'lumen=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
  expect(cookieOf(await visit('/devlogin?email=ada@example.org', invented))).not.toContain(
    'AAAAAA',
  );
  expect(await isKnown(invented)).toBe(false);
});

test('R42 a callback that answers somebody else’s attempt signs nobody in', async () => {
  const { app: own, oidc } = await institution();
  oidc.claims = ADA;
  const [eve, ada] = [await visitProvider(own), await visitProvider(own)];
  const callback = (address: string, cookie: string) =>
    fetch(address, { redirect: 'manual', headers: { cookie } });
  const without = (name: string) => {
    const url = new URL(ada.callback);
    url.searchParams.delete(name);
    return url.href;
  };
  for (const address of [eve.callback, without('state'), without('code'), without('iss')]) {
    const response = await callback(address, ada.cookies);
    expect(response.headers.get('location')).toBe('/?signin=failed');
    expect(cookieOf(response)).toBe('');
  }
  const session = cookieOf(await visit('/devlogin'));
  for (const forged of [`lumen-login=${session.slice('lumen='.length)}`, 'lumen-login=e30.e30'])
    expect((await callback(ada.callback, forged)).headers.get('location')).toBe('/?signin=expired');
  expect((await callback(ada.callback, ada.cookies)).headers.get('location')).toBe('/');
});

test('R42 a hundred abandoned sign-ins leave one cookie in the browser and nothing on the server', async () => {
  const { app: own } = await institution();
  const stored = () =>
    own.rows(`select (select count(*) from session) as sessions, (select count(*) from account) as accounts,
      (select count(*) from identity) as identities`);
  const before = await stored();
  const names = new Set<string>();
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const response = await fetch(`${own.url}/login?next=/c/${attempt}`, { redirect: 'manual' });
    expect(response.status).toBe(302);
    for (const text of response.headers.getSetCookie()) {
      names.add(text.split('=', 1)[0] ?? '');
      expect(text.length).toBeLessThan(1_000);
    }
  }
  expect([...names]).toEqual(['lumen-login']);
  expect(await stored()).toEqual(before);
});

test('R42 signing out ends the session on the server, whatever the browser keeps', async () => {
  const cookie = cookieOf(await visit('/devlogin?email=kept@example.org'));
  expect(await isKnown(cookie)).toBe(true);
  await fetch(`${app.url}/logout`, { method: 'POST', headers: { cookie }, redirect: 'manual' });
  expect(await isKnown(cookie)).toBe(false);
});
