import { expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { institution, refusal, signsIn, visitProvider } from '../../support/institution.ts';

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
  oidc.claims = { ...ADA, email: ' \t' };
  expect(await refusal(app)).toBe('/?signin=no_email');
});

test('a name of nothing but blanks is none: the address stands in', async () => {
  const { app, oidc } = await institution();
  oidc.claims = { ...ADA, name: '  ' };
  const ada = await signsIn(app);
  const { viewer } = await ada.asks<{ viewer: object }>('{ viewer { name initials } }');
  expect(viewer).toEqual({ name: 'ada', initials: 'AD' });
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

async function accountOf(person: Person): Promise<string> {
  return (await person.asks<{ viewer: { id: string } }>('{ viewer { id } }')).viewer.id;
}
