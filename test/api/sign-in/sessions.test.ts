import { afterAll, expect, test } from 'vitest';
import { Person } from '../../support/actors.ts';
import { startApp } from '../../support/app.ts';

const app = await startApp();
afterAll(app.close);

interface Listed {
  readonly id: string;
  readonly isCurrent: boolean;
}

const SESSIONS = '{ viewer { sessions { id createdAt seenAt isCurrent } } }';
const REVOKE = 'mutation ($id: ID!) { revokeSession(id: $id) }';
const REVOKE_OTHERS = 'mutation { revokeOtherSessions }';
const sessionsOf = async (person: Person) =>
  (await person.asks<{ viewer: { sessions: Listed[] } }>(SESSIONS)).viewer.sessions;
const isKnown = async (person: Person) =>
  (await person.refusal('{ viewer { id } }')) !== 'UNAUTHENTICATED';
const signOut = (person: Person) =>
  fetch(`${app.url}/logout`, { method: 'POST', headers: person.headers, redirect: 'manual' });

let people = 0;
/** The same person in several browsers. */
async function browsers(count: number): Promise<readonly [Person, ...Person[]]> {
  people += 1;
  const email = `browsers-${people}@example.org`;
  const first = await app.person(email);
  const more = Array.from({ length: count - 1 }, () => app.person(email));
  return [first, ...(await Promise.all(more))];
}

test('a person sees their sessions, and which one asks; ids tell nothing of tokens', async () => {
  const [here, there] = await browsers(2);
  const [seenHere, seenThere] = [await sessionsOf(here), await sessionsOf(there as Person)];
  expect(seenHere.map(({ id }) => id).sort()).toEqual(seenThere.map(({ id }) => id).sort());
  const current = (sessions: Listed[]) => sessions.filter(({ isCurrent }) => isCurrent);
  expect(current(seenHere)).toHaveLength(1);
  expect(current(seenThere)).toHaveLength(1);
  expect(current(seenHere)[0]?.id).not.toBe(current(seenThere)[0]?.id);
  for (const { id } of seenHere) expect(id).toMatch(/^[\da-f-]{36}$/);
});

const AGENTS = [
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
    'Safari on iOS',
  ],
  ['<script>alert(1)</script>', null],
  ['x'.repeat(8_000), null],
] as const;

test.each(AGENTS)('a session tells its browser by name: %.30s', async (agent, browser) => {
  const email = `agent-${browser ?? agent.length}@example.org`;
  const path = `/devlogin?email=${encodeURIComponent(email.replaceAll(' ', '-'))}`;
  const { headers } = await fetch(app.url + path, {
    headers: { 'user-agent': agent },
    redirect: 'manual',
  });
  const cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
  const response = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ viewer { sessions { browser } } }' }),
  });
  expect(await response.json()).toEqual({ data: { viewer: { sessions: [{ browser }] } } });
});

test('R40 a revoked session opens nothing any more, and the others stay', async () => {
  const [here, there] = await browsers(2);
  const other = (await sessionsOf(here)).find(({ isCurrent }) => !isCurrent);
  expect(await here.asks(REVOKE, { id: other?.id })).toEqual({ revokeSession: other?.id });
  expect([await isKnown(here), await isKnown(there as Person)]).toEqual([true, false]);
  expect(await sessionsOf(here)).toHaveLength(1);
});

test('all but the session that asks can be ended at once', async () => {
  const [here, ...others] = await browsers(3);
  const { revokeOtherSessions } = await here.asks<{ revokeOtherSessions: string[] }>(REVOKE_OTHERS);
  expect(revokeOtherSessions).toHaveLength(2);
  expect(await isKnown(here)).toBe(true);
  expect(await Promise.all(others.map(isKnown))).toEqual([false, false]);
});

test('R36 somebody else’s session, and none at all, are no such session', async () => {
  const [ada] = await browsers(1);
  const [eve] = await browsers(1);
  const [session] = await sessionsOf(ada);
  for (const id of [session?.id, '00000000-0000-4000-8000-000000000000', 'nonsense'])
    expect(await eve.refusal(REVOKE, { id })).toBe('NOT_FOUND');
  expect(await isKnown(ada)).toBe(true);
  expect(await new Person(app.url, '', {}).refusal(REVOKE_OTHERS)).toBe('UNAUTHENTICATED');
});

test('however much it is used, a session ends seven days after the sign-in', async () => {
  const [ada] = await browsers(1);
  const [session] = await sessionsOf(ada);
  await app.rows(
    `update session set created_at = now() - interval '6 days 23 hours', seen_at = now() - interval '1 hour',
      expires_at = now() + interval '30 minutes' where id = $1`,
    session?.id,
  );
  expect(await isKnown(ada)).toBe(true);
  const [left] = await app.rows<{ minutes: number }>(
    'select extract(epoch from expires_at - now())::float / 60 as minutes from session where id = $1',
    session?.id,
  );
  expect(left?.minutes).toBeGreaterThan(58);
  expect(left?.minutes).toBeLessThan(61);
});

test('a disabled person can sign out, and the session is gone', async () => {
  const [ada] = await browsers(1);
  await app.rows('update account set is_active = false where email = $1', ada.email);
  expect(await ada.refusal('{ viewer { id } }')).toBe('FORBIDDEN');
  const response = await signOut(ada);
  expect(response.status).toBe(303);
  expect(response.headers.getSetCookie()[0]).toMatch(/^lumen=;.*Max-Age=0/);
  expect(await isKnown(ada)).toBe(false);
});

test('the dev login leads back to where one wanted to go, on this site only', async () => {
  const landing = async (next: string) =>
    (
      await fetch(`${app.url}/devlogin?next=${encodeURIComponent(next)}`, { redirect: 'manual' })
    ).headers.get('location');
  expect(await landing('/c/019abf00?x=1')).toBe('/c/019abf00?x=1');
  for (const evil of [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    '/.//evil.example',
  ])
    expect(await landing(evil)).toBe('/');
  const twice = await fetch(`${app.url}/devlogin?next=/c/1&next=//evil.example`, {
    redirect: 'manual',
  });
  expect(twice.headers.get('location')).toBe('/');
});
