// What a key with the scope USAGE opens: what its own account used.
import { afterAll, expect, test } from 'vitest';
import { Person } from '../../support/actors.ts';
import { startApp } from '../../support/app.ts';

const app = await startApp();
afterAll(app.close);

async function script(owner: Person, ...scopes: string[]): Promise<Person> {
  const { createApiKey } = await owner.asks<{ createApiKey: { secret: string } }>(
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
    { input: { name: 'script', scopes } },
  );
  const headers = { authorization: `Bearer ${createApiKey.secret}` };
  return new Person(owner.url, owner.email, headers);
}

const asks = async (owner: Person, query: string) => (await script(owner, 'USAGE')).graphql(query);
const reason = async (owner: Person, query: string) =>
  (await asks(owner, query)).errors?.[0]?.extensions.reason;

test('it reads what its own account used', async () => {
  const ada = await app.person();
  const { viewer } = await ada.asks<{ viewer: { id: string } }>('{ viewer { id } }');
  for (const filter of ['', '(filter: { period: ALL })', `(filter: { account: "${viewer.id}" })`])
    expect(
      (await asks(ada, `{ usage${filter} { totals { requests } byModel { model } } }`)).data,
    ).toEqual({
      usage: { totals: { requests: 0 }, byModel: [] },
    });
});

test('it reads nothing of others, also when an administrator made it', async () => {
  const admin = await app.person('dev@example.com');
  const ada = await app.person();
  const { viewer } = await ada.asks<{ viewer: { id: string } }>('{ viewer { id } }');
  for (const filter of ['everyone: true', 'group: "default"', `account: "${viewer.id}"`])
    expect(await reason(admin, `{ usage(filter: { ${filter} }) { unit } }`)).toBe('scope_missing');
  for (const field of ['byAccount { next }', 'byGroup { group }', 'byGroupCsv', 'people { total }'])
    expect(await reason(admin, `{ usage { ${field} } }`)).toBe('scope_missing');
  const reading = await script(admin, 'GRAPHQL_READ');
  expect(await reading.refusal('{ usage(filter: { everyone: true }) { unit } }')).toBeUndefined();
});

test('it reads nothing beside it', async () => {
  const ada = await app.person();
  expect(await reason(ada, '{ usage { unit } site { name } }')).toBe('scope_missing');
  expect(await reason(ada, '{ ...F } fragment F on Query { usage { unit } }')).toBe(
    'scope_missing',
  );
});
