import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { startApp, type TestApp, testApp } from '../../support/app.ts';
import { HELLO, post } from '../v1/client.ts';
import { exchange, requestText } from '../v1/raw.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const CREATE =
  'mutation ($name: String!) { createApiKey(name: $name) { secret apiKey { id name hint createdAt lastUsedAt revokedAt } } }';
const REVOKE = 'mutation ($id: ID!) { revokeApiKey(id: $id) { id revokedAt } }';
const LIST = '{ viewer { apiKeys { id name hint lastUsedAt revokedAt usage { requests } } } }';

interface Key {
  readonly id: string;
  readonly name: string;
  readonly hint: string;
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
}

async function create(person: Person, name = 'script') {
  const { createApiKey } = await person.asks<{ createApiKey: { secret: string; apiKey: Key } }>(
    CREATE,
    { name },
  );
  return { key: createApiKey.secret, ...createApiKey.apiKey };
}
const list = async (person: Person) =>
  (await person.asks<{ viewer: { apiKeys: Key[] } }>(LIST)).viewer.apiKeys;

const v1Status = async (key: string) =>
  (await fetch(`${app.url}/v1/models`, { headers: { authorization: `Bearer ${key}` } })).status;
const graphqlCode = async (key: string) => {
  const response = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query: '{ viewer { id } }' }),
  });
  const { errors } = (await response.json()) as { errors?: { extensions: { code: string } }[] };
  return errors?.[0]?.extensions.code ?? 'OK';
};

test('a new key is shown once, and kept as a hint and a keyed digest', async () => {
  const ada = await app.person();
  const { key, id, hint } = await create(ada);
  expect(key).toMatch(/^sk_[\w-]{43}$/);
  expect(hint).toBe(`${key.slice(0, 7)}...${key.slice(-4)}`);
  const [row] = await app.rows<{ hash: Buffer; text: string }>(
    'select hash, to_jsonb(k)::text as text from api_key k where id = $1',
    id,
  );
  expect(row?.hash).toHaveLength(32);
  expect(row?.text).not.toContain(key.slice(7, -4));
  // Without the secret, who has the table can't even tell whether a key is in it.
  const unkeyed = createHash('sha256').update(key).digest();
  expect(row?.hash.equals(unkeyed)).toBe(false);
  expect(JSON.stringify(await list(ada))).not.toContain(key);
});

test('keys are listed with their use, the newest first', async () => {
  const ada = await app.person();
  const first = await create(ada, 'first');
  await create(ada, 'second');
  expect(await list(ada)).toMatchObject([
    { name: 'second', lastUsedAt: null, usage: { requests: 0 } },
    { name: 'first', lastUsedAt: null, usage: { requests: 0 } },
  ]);
  const before = Date.now();
  await post(app, HELLO, { key: first.key });
  const [, used] = await list(ada);
  expect(used).toMatchObject({ usage: { requests: 1 } });
  expect(Date.parse(used?.lastUsedAt ?? '')).toBeGreaterThanOrEqual(before - 1);
});

test('a revoked key opens neither door from that moment on, and stays in the list', async () => {
  const ada = await app.person();
  const { key, id } = await create(ada);
  expect([await v1Status(key), await graphqlCode(key)]).toEqual([200, 'OK']);
  const { revokeApiKey } = await ada.asks<{ revokeApiKey: Key }>(REVOKE, { id });
  expect([await v1Status(key), await graphqlCode(key)]).toEqual([401, 'UNAUTHENTICATED']);
  expect(await list(ada)).toMatchObject([{ id, revokedAt: revokeApiKey.revokedAt }]);
});

test('revoking it again changes nothing', async () => {
  const ada = await app.person();
  const { id } = await create(ada);
  const first = await ada.asks(REVOKE, { id });
  expect(await ada.asks(REVOKE, { id })).toEqual(first);
});

test('another key of the account lives on', async () => {
  const ada = await app.person();
  const lost = await create(ada);
  const kept = await create(ada);
  await ada.asks(REVOKE, { id: lost.id });
  expect(await v1Status(kept.key)).toBe(200);
});

test('somebody else’s key is one that does not exist', async () => {
  const ada = await app.person();
  const { id, key } = await create(ada);
  const eve = await app.person();
  for (const named of [id, '01890000-0000-7000-8000-000000000000', 'nonsense', ''])
    expect(await eve.refusal(REVOKE, { id: named })).toBe('NOT_FOUND');
  expect(await v1Status(key)).toBe(200);
});

test.each([
  ['  two\n\twords ', 'two words'],
  ['<script>alert(1)</script>', '<script>alert(1)</script>'],
  ['ключ 🔑', 'ключ 🔑'],
  ['x'.repeat(128), 'x'.repeat(128)],
  [' \n\u0000 ', 'Unnamed Key'],
  ['half \ud83d', 'half \ufffd'],
])('a key may be named %j', async (given, kept) => {
  const ada = await app.person();
  expect((await create(ada, given)).name).toBe(kept);
});

test('a name of more than 128 characters is refused, and no key is made', async () => {
  const ada = await app.person();
  expect(await ada.refusal(CREATE, { name: 'x'.repeat(129) })).toBe('TOO_LARGE');
  expect(await list(ada)).toEqual([]);
});

test('who is not signed in makes, lists and revokes no key', async () => {
  const { key } = await create(await app.person());
  const nobody = Object.assign(await app.person(), { headers: {} });
  for (const [query, variables] of [
    [CREATE, { name: 'x' }],
    [REVOKE, { id: key }],
    [LIST, {}],
  ] as const)
    expect(await nobody.refusal(query, variables)).toBe('UNAUTHENTICATED');
});

test('a disabled account is refused at both doors, by key and by cookie', async () => {
  const ada = await app.person();
  const { key } = await create(ada);
  await app.rows('update account set is_active = false where email = $1', ada.email);
  expect([await v1Status(key), await graphqlCode(key)]).toEqual([403, 'FORBIDDEN']);
  expect(await ada.refusal('{ viewer { id } }')).toBe('FORBIDDEN');
  await app.rows('update account set is_active = true where email = $1', ada.email);
  expect(await ada.refusal('{ viewer { id } }')).toBeUndefined();
});

test('R46 keys made under a former encryption key are still recognised, those of an unknown one are not', async () => {
  const [older, newer, other] = ['older', 'newer', 'other'].map((word) => word.repeat(8));
  const withKeys = (encryption_key: string | undefined, previous: string[] = []) =>
    testApp({
      databaseUrl: app.databaseUrl,
      model: app.model,
      config: {
        app: {
          debug: true,
          dev_user: 'dev@example.com',
          encryption_key,
          previous_encryption_keys: previous,
        },
      },
    });
  const before = await withKeys(older);
  const ada = await before.person();
  const { key } = await create(ada);
  const opens = async ({ url }: TestApp) =>
    (await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${key}` } })).status;
  expect(await opens(before)).toBe(200);
  const rotated = await withKeys(newer, [other ?? '', older ?? '']);
  expect([await opens(rotated), await opens(rotated)]).toEqual([200, 200]);
  expect(await opens(await withKeys(newer))).toBe(401);
});

test('R39 over HTTP/1.0 the same rules hold', async () => {
  const { key } = await create(await app.person());
  const status = async (headers: Record<string, string>) => {
    const text = requestText('GET', '/v1/models', headers).replace('HTTP/1.1', 'HTTP/1.0');
    return (await exchange(app, text)).split(' ', 2)[1];
  };
  expect(await status({ authorization: `Bearer ${key}` })).toBe('200');
  expect(await status({ authorization: `Bearer ${key}x` })).toBe('401');
  expect(await status({ 'x-api-key': key })).toBe('401');
});

test('R46 a key is found by its whole digest, in an index', async () => {
  await app.rows(`insert into api_key (id, account_id, name, hash, hint)
    select gen_random_uuid(), (select id from account limit 1), 'many', sha256(n::text::bytea), 'x'
    from generate_series(1, 5000) n`);
  await app.rows('analyze api_key');
  const plan = await app.rows(
    `explain select from api_key where hash = any(array['\\x00', '\\x01']::bytea[]) and revoked_at is null`,
  );
  expect(JSON.stringify(plan)).toMatch(/Index (Only )?Scan|Bitmap Index/);
});

test('R46 keys that share their beginning are told apart, also when one was seen before', async () => {
  const { key } = await create(await app.person());
  expect(await v1Status(key)).toBe(200);
  for (let from = 3; from < key.length; from += 4) {
    const other = key.slice(0, from) + (key[from] === 'A' ? 'B' : 'A') + key.slice(from + 1);
    expect(await v1Status(other)).toBe(401);
  }
  expect(await v1Status(key.toLowerCase())).toBe(key === key.toLowerCase() ? 200 : 401);
});
