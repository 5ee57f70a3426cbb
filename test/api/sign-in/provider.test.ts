import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Person } from '../../support/actors.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { type FakeOidc, startFakeOidc } from '../../support/fake-oidc.ts';

interface Institution {
  readonly app: TestApp;
  readonly oidc: FakeOidc;
}

const ADA = { sub: 'ada-1', email: 'Ada@Example.org', email_verified: true, name: 'Ada Lovelace' };

test('who signs in at the institution has an account with a normalised address and a name', async () => {
  const { app, oidc } = await institution();
  oidc.claims = ADA;
  const ada = await signsIn(app);
  const { viewer } = await ada.asks<{ viewer: object }>(
    '{ viewer { email name initials isAdmin } }',
  );
  expect(viewer).toEqual({
    email: 'ada@example.org',
    name: 'Ada Lovelace',
    initials: 'AL',
    isAdmin: false,
  });
});

test('issuer and subject are the person, also under a new address', async () => {
  const { app, oidc } = await institution();
  oidc.claims = ADA;
  const before = await signsIn(app);
  oidc.claims = { ...ADA, email: 'ada@elsewhere.org' };
  const after = await signsIn(app);
  expect(await accountOf(after)).toBe(await accountOf(before));
});

test('an address that nobody verified opens no account that is there already', async () => {
  const { app, oidc } = await institution();
  oidc.claims = ADA;
  await signsIn(app);
  const { email_verified: _, ...unverified } = ADA;
  oidc.claims = { ...unverified, sub: 'somebody-else' };
  expect(await refusal(app)).toBe('/?signin=unverified');
  oidc.claims = { ...ADA, sub: 'somebody-else', email_verified: false };
  expect(await refusal(app)).toBe('/?signin=unverified');
});

test('denied consent leads back to the start page with the reason', async () => {
  const { app, oidc } = await institution();
  oidc.claims = null;
  expect(await refusal(app)).toBe('/?signin=denied');
});

test('an institution that tells no address leads back to the start page with the reason', async () => {
  const { app, oidc } = await institution();
  const { email: _, ...nameless } = ADA;
  oidc.claims = nameless;
  expect(await refusal(app)).toBe('/?signin=no_email');
});

test('a callback in another browser, or twice, signs nobody in', async () => {
  const { app, oidc } = await institution();
  oidc.claims = ADA;
  const { callback, cookies } = await visitProvider(app);
  const elsewhere = await fetch(callback, { redirect: 'manual' });
  expect(elsewhere.headers.get('location')).toBe('/?signin=expired');
  const own = await fetch(callback, { redirect: 'manual', headers: { cookie: cookies } });
  expect(own.headers.get('location')).toBe('/');
  const again = await fetch(callback, { redirect: 'manual', headers: { cookie: cookies } });
  expect(again.headers.get('location')).toBe('/?signin=failed');
});

async function institution(): Promise<Institution> {
  const port = await freePort();
  const redirectUri = `http://localhost:${port}/callback`;
  const oidc = await startFakeOidc(redirectUri);
  onTestFinished(oidc.close);
  const oauth2 = { ...oidc.settings, redirect_uri: redirectUri };
  const app = await testApp({ config: { oauth2 }, env: { PORT: String(port) } });
  return { app, oidc };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Follows the redirects like a browser, up to the callback, which is not visited. */
async function visitProvider(app: TestApp): Promise<{ callback: string; cookies: string }> {
  const jars = new Map<string, Map<string, string>>();
  let address = new URL('/login', app.url);
  for (let hops = 0; hops < 12; hops += 1) {
    const jar = jars.get(address.host) ?? new Map<string, string>();
    jars.set(address.host, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(address, { redirect: 'manual', headers: { cookie } });
    for (const text of response.headers.getSetCookie()) {
      const [pair = ''] = text.split(';', 1);
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    address = new URL(response.headers.get('location') ?? '', address);
    if (address.pathname === '/callback') {
      const own = [...(jars.get(address.host) ?? [])].map(([name, value]) => `${name}=${value}`);
      return { callback: address.href, cookies: own.join('; ') };
    }
  }
  throw new Error(`the way led to ${address.href}`);
}

async function signsIn(app: TestApp): Promise<Person> {
  const { callback, cookies } = await visitProvider(app);
  const response = await fetch(callback, { redirect: 'manual', headers: { cookie: cookies } });
  const cookie = response.headers.getSetCookie().find((text) => text.startsWith('lumen='));
  if (!cookie) throw new Error(`signing in led to ${response.headers.get('location')}`);
  return new Person(app.url, '', { cookie: cookie.split(';')[0] ?? '' });
}

async function refusal(app: TestApp): Promise<string | null> {
  const { callback, cookies } = await visitProvider(app);
  const response = await fetch(callback, { redirect: 'manual', headers: { cookie: cookies } });
  return response.headers.get('location');
}

async function accountOf(person: Person): Promise<string> {
  return (await person.asks<{ viewer: { id: string } }>('{ viewer { id } }')).viewer.id;
}
