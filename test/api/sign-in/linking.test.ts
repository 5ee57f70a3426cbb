import { expect, test, vi } from 'vitest';
import { testApp } from '../../support/app.ts';
import { institution, refusal, signsIn, visitProvider } from '../../support/institution.ts';

const ADA = { sub: 'ada-1', email: 'Ada@Example.org', email_verified: true, name: 'Ada Lovelace' };
const { email_verified: _, ...UNVERIFIED } = { ...ADA, sub: 'ada-2' };

const AUDIT = `select action, subject_kind, subject, actor_id, after from audit_entry where action = 'identity.linked'`;

test('a new identity with a verified address gets the account, and the audit trail says so', async () => {
  const { app, oidc } = await institution();
  oidc.claims = ADA;
  await signsIn(app);
  expect(await app.rows(AUDIT)).toEqual([]);
  oidc.claims = { ...ADA, sub: 'ada-2' };
  await signsIn(app);
  await signsIn(app);
  const [account] = await app.rows<{ id: string }>('select id from account');
  expect(await app.rows('select subject from identity order by 1')).toEqual([
    { subject: 'ada-1' },
    { subject: 'ada-2' },
  ]);
  expect(await app.rows(AUDIT)).toEqual([
    {
      action: 'identity.linked',
      subject_kind: 'account',
      subject: account?.id,
      actor_id: null,
      after: { issuer: expect.any(String), subject: 'ada-2', isEmailVerified: true },
    },
  ]);
});

test('link_by_email: never keeps an account to the identity that it has', async () => {
  const { app, oidc } = await institution({}, { link_by_email: 'never' });
  oidc.claims = ADA;
  await signsIn(app);
  oidc.claims = { ...ADA, sub: 'ada-2' };
  expect(await refusal(app)).toBe('/?signin=address_taken');
  expect(await app.rows(AUDIT)).toEqual([]);
});

test('link_by_email: always links what the provider does not call verified', async () => {
  const { app, oidc } = await institution({}, { link_by_email: 'always' });
  oidc.claims = ADA;
  await signsIn(app);
  oidc.claims = UNVERIFIED;
  await signsIn(app);
  expect(await app.rows('select count(*)::int as accounts from account')).toEqual([
    { accounts: 1 },
  ]);
  oidc.claims = { ...ADA, sub: 'ada-3', email_verified: false };
  expect(await refusal(app)).toBe('/?signin=unverified');
});

test('a disabled person is told so on the start page', async () => {
  const { app, oidc } = await institution();
  oidc.claims = ADA;
  await signsIn(app);
  await app.rows('update account set is_active = false');
  expect(await refusal(app)).toBe('/?signin=account_disabled');
});

test('signing in leads back to where one wanted to go, on this site only', async () => {
  const { app, oidc } = await institution();
  oidc.claims = ADA;
  const landing = async (next: string) => {
    const { callback, cookies } = await visitProvider(
      app,
      `/login?next=${encodeURIComponent(next)}`,
    );
    const response = await fetch(callback, { redirect: 'manual', headers: { cookie: cookies } });
    return response.headers.get('location');
  };
  expect(await landing('/c/019abf00?x=1')).toBe('/c/019abf00?x=1');
  expect(await landing('//evil.example')).toBe('/');
});

test('who was refused, or came back too late, still gets where they wanted to go', async () => {
  const { app, oidc } = await institution();
  const comesBack = async (next: string, late = false) => {
    oidc.claims = null;
    const { callback, cookies } = await visitProvider(
      app,
      `/login?next=${encodeURIComponent(next)}`,
    );
    if (late) vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 11 * 60_000 });
    const response = await fetch(callback, { redirect: 'manual', headers: { cookie: cookies } });
    vi.useRealTimers();
    return response.headers.get('location');
  };
  expect(await comesBack('/c/019abf00?x=1')).toBe('/?signin=denied&next=%2Fc%2F019abf00%3Fx%3D1');
  expect(await comesBack('//evil.example')).toBe('/?signin=denied');
  expect(await comesBack('/c/1', true)).toBe('/?signin=expired&next=%2Fc%2F1');
  await oidc.close();
  const away = await testApp({
    config: { oauth2: oidc.settings },
    databaseUrl: app.databaseUrl,
    model: app.model,
  });
  const refused = await fetch(`${away.url}/login?next=/c/1`, { redirect: 'manual' });
  expect(refused.headers.get('location')).toBe('/?signin=provider_unreachable&next=%2Fc%2F1');
});

test('signing out offers to sign out at the institution, which then leads back here', async () => {
  const { app, oidc } = await institution();
  oidc.claims = ADA;
  const ada = await signsIn(app);
  const out = await fetch(`${app.url}/logout`, {
    method: 'POST',
    headers: ada.headers,
    redirect: 'manual',
  });
  expect([out.status, out.headers.get('location')]).toEqual([303, '/?signedout=here']);
  const there = await fetch(`${app.url}/logout/provider`, { redirect: 'manual' });
  const address = new URL(there.headers.get('location') ?? '');
  expect(address.href).toContain(
    `${new URL(oidc.settings.server_metadata_url ?? '').origin}/session/end`,
  );
  expect(address.searchParams.get('client_id')).toBe('lumen');
  expect(address.searchParams.get('post_logout_redirect_uri')).toBe(
    `http://localhost:${new URL(app.url).port}/`,
  );
  expect((await fetch(address)).status).toBe(200);
});

test('without a provider there is nothing more to sign out of', async () => {
  const { app, oidc } = await institution();
  oidc.claims = ADA;
  const ada = await signsIn(app);
  await oidc.close();
  const out = await fetch(`${app.url}/logout`, {
    method: 'POST',
    headers: ada.headers,
    redirect: 'manual',
  });
  expect(out.status).toBe(303);
  expect(await ada.refusal('{ viewer { id } }')).toBe('UNAUTHENTICATED');
});
