import { expect, test } from 'vitest';
import { Person } from '../../support/actors.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { type Json, type Liar, signedAs, startLiar } from './liar.ts';

const NOW = Math.floor(Date.now() / 1_000);

interface Lie {
  /** Over the honest claims; what is undefined is left out. */
  readonly claims?: Json;
  readonly signer?: (claims: Json) => string;
  readonly tokens?: Json;
  readonly userInfo?: Json;
  /** Of the address at which the browser comes back. */
  readonly query?: Json;
  readonly reason?: string;
}

/** Where a sign-in leads, and the cookie that it gives. */
async function signsIn(app: TestApp, liar: Liar, lie: Lie) {
  const login = await fetch(`${app.url}/login`, { redirect: 'manual' });
  const asked = new URL(login.headers.get('location') ?? '').searchParams;
  const honest = {
    iss: liar.issuer,
    aud: 'lumen',
    sub: 'ada-1',
    iat: NOW,
    exp: NOW + 600,
    nonce: asked.get('nonce'),
    email: 'ada@example.org',
    email_verified: true,
  };
  const idToken = (lie.signer ?? signedAs.itself)({ ...honest, ...lie.claims });
  liar.tokens = { access_token: 'a', token_type: 'Bearer', id_token: idToken, ...lie.tokens };
  liar.userInfo = { sub: 'ada-1', ...lie.userInfo };
  const back = { code: 'c', state: asked.get('state'), ...lie.query } as Record<string, string>;
  const response = await fetch(`${app.url}/callback?${new URLSearchParams(back)}`, {
    redirect: 'manual',
    headers: { cookie: login.headers.getSetCookie()[0]?.split(';')[0] ?? '' },
  });
  const session = response.headers.getSetCookie().find((text) => /^lumen=./.test(text));
  return { led: response.headers.get('location'), cookie: session?.split(';')[0] ?? null };
}

const isAdmin = async (app: TestApp, cookie: string | null) =>
  (
    await new Person(app.url, '', { cookie: cookie ?? '' }).asks<{ viewer: { isAdmin: boolean } }>(
      '{ viewer { isAdmin } }',
    )
  ).viewer.isAdmin;

const LIES: Readonly<Record<string, Lie>> = {
  'signs nothing': { signer: signedAs.nobody },
  'signs with the secret of the client': { signer: signedAs.theClient },
  'signs with another key of the same name': { signer: signedAs.itsForeignKey },
  'signs with a key that it does not publish': { signer: signedAs.anUnknownKey },
  'changes what it has signed': { signer: signedAs.itselfBeforeAChange },
  'speaks for another issuer': { claims: { iss: 'https://idp.example.org' } },
  'speaks to another client': { claims: { aud: 'other' } },
  'speaks to many on behalf of another': { claims: { aud: ['lumen', 'other'], azp: 'other' } },
  'tells what is out of date': { claims: { iat: NOW - 7_200, exp: NOW - 3_600 } },
  'tells no end': { claims: { exp: undefined } },
  'tells no beginning': { claims: { iat: undefined } },
  'tells what is not true yet': { claims: { nbf: NOW + 3_600 } },
  'answers another question': { claims: { nonce: 'another' } },
  'answers no question': { claims: { nonce: undefined } },
  'names nobody': { claims: { sub: undefined } },
  'names somebody by a number': { claims: { sub: 1 } },
  'gives no ID token': { tokens: { id_token: undefined } },
  'gives something else for an ID token': { tokens: { id_token: 'nonsense' } },
  'gives a token of another kind': { tokens: { token_type: 'mac' } },
  'tells of another person when asked': {
    claims: { email: undefined },
    userInfo: { sub: 'eve-1', email: 'eve@example.org' },
  },
  'tells several addresses': { claims: { email: ['ada@example.org'] }, reason: 'no_email' },
  'tells an empty address': { claims: { email: '' }, reason: 'no_email' },
  'has not verified the address': { claims: { email_verified: false }, reason: 'unverified' },
  'has not verified it, in words': { claims: { email_verified: 'False' }, reason: 'unverified' },
  'brings the state of another attempt': { query: { state: 'another' } },
  'comes back from another issuer': { query: { iss: 'https://idp.example.org' } },
  'comes back with an error and a code': { query: { error: 'server_error' } },
};

test('R41 whatever a provider lies about, nobody is signed in by it', async () => {
  const liar = await startLiar();
  const app = await testApp({ config: { oauth2: liar.settings } });
  for (const [what, { reason = 'failed', ...lie }] of Object.entries(LIES)) {
    const { led, cookie } = await signsIn(app, liar, lie);
    expect([led, cookie], what).toEqual([`/?signin=${reason}`, null]);
  }
  expect(await app.rows('select from identity')).toEqual([]);
  expect((await signsIn(app, liar, {})).led).toBe('/');
});

test('R41 an address that is not verified is never an administrator’s, even where such are allowed', async () => {
  const liar = await startLiar();
  const app = await testApp({
    config: {
      oauth2: { ...liar.settings, allow_unverified_email: true },
      admins: ['root@example.org'],
    },
  });
  const claims = { email: 'Root@Example.org', email_verified: false };
  expect(await signsIn(app, liar, { claims })).toEqual({
    led: '/?signin=unverified',
    cookie: null,
  });
  const other = await signsIn(app, liar, { claims: { ...claims, email: 'ada@example.org' } });
  expect(await isAdmin(app, other.cookie)).toBe(false);
  const verified = { ...claims, sub: 'root-1', email_verified: true };
  expect(await isAdmin(app, (await signsIn(app, liar, { claims: verified })).cookie)).toBe(true);
});
