// An institution whose people sign in at a Lumen through its own provider, and the browser that they do it with.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { Person } from './actors.ts';
import { type TestApp, testApp } from './app.ts';
import { type FakeOidc, startFakeOidc } from './fake-oidc.ts';

export interface Institution {
  readonly app: TestApp;
  readonly oidc: FakeOidc;
}

/** A Lumen and the provider that it trusts, both closed when the test ends. */
export async function institution(
  config: Record<string, unknown> = {},
  settings: Record<string, unknown> = {},
): Promise<Institution> {
  const port = await freePort();
  const redirectUri = `http://localhost:${port}/callback`;
  const oidc = await startFakeOidc(redirectUri);
  onTestFinished(oidc.close);
  const oauth2 = { ...oidc.settings, redirect_uri: redirectUri, ...settings };
  const app = await testApp({ config: { ...config, oauth2 }, env: { PORT: String(port) } });
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
export async function visitProvider(
  app: TestApp,
  from = '/login',
): Promise<{ callback: string; cookies: string }> {
  const jars = new Map<string, Map<string, string>>();
  let address = new URL(from, app.url);
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

/** Whoever `oidc.claims` tells of. */
export async function signsIn(app: TestApp): Promise<Person> {
  const { callback, cookies } = await visitProvider(app);
  const response = await fetch(callback, { redirect: 'manual', headers: { cookie: cookies } });
  const cookie = response.headers.getSetCookie().find((text) => text.startsWith('lumen='));
  if (!cookie) throw new Error(`signing in led to ${response.headers.get('location')}`);
  return new Person(app.url, '', { cookie: cookie.split(';')[0] ?? '' });
}

/** Where the browser is sent instead of being signed in. */
export async function refusal(app: TestApp): Promise<string | null> {
  const { callback, cookies } = await visitProvider(app);
  const response = await fetch(callback, { redirect: 'manual', headers: { cookie: cookies } });
  return response.headers.get('location');
}
