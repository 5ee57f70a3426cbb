import { expect, test } from 'vitest';
import type { Access } from '../../../server/config/config.ts';
import { coins } from '../../../server/kernel/coins.ts';
import { configOf, problemsOf, read, withModels } from './read.ts';

const groupOf = async (text: string, name = 'staff') =>
  (await configOf(withModels(text))).groups.get(name);

const rules = (entries: Record<string, Access>) => new Map(Object.entries(entries));

test.each([
  ['active: true', false],
  ['active: no', true],
  ['active: false, disabled: false', false],
  ['active: true, disabled: true', true],
  ['active: false, access: allowed', true],
])('D-9: a model with `%s` has disabled %s', async (words, disabled) => {
  const text = `models: [{ name: m, input_cost_per_million: 0, output_cost_per_million: 0, ${words} }]`;
  expect((await configOf(text)).models.get('m')?.disabled).toBe(disabled);
});

test('D-3: -1 defers, -2 is unlimited', async () => {
  const group = await groupOf(`groups:
  staff: { default: { max: -2 }, small: { max: -1 }, large: { max: -2 } }`);
  expect(group?.pool).toMatchObject({ unit: 'tokens', max: 'unlimited', starting: 0n });
  expect(group?.access).toEqual({ default: 'allowed', models: rules({ large: 'allowed' }) });
});

test('D-2: the flat form counts coins, the nested one tokens, an explicit unit wins', async () => {
  const config = await configOf(
    withModels(`groups:
  flat: { max: 1000000 }
  nested: { default: { max: 1000000 } }
  said: { max: 1000000, unit: tokens }
  inside: { default: { max: 7, unit: coins } }`),
  );
  const units = [...config.groups].map(([name, { pool }]) => [name, pool?.unit]);
  expect(units).toEqual([
    ['flat', 'coins'],
    ['nested', 'tokens'],
    ['said', 'tokens'],
    ['inside', 'coins'],
  ]);
});

test('D-3: a budget in both forms is refused, since either could be the larger', async () => {
  const text = withModels('groups: { staff: { max: 5, default: { max: 1000 } } }');
  expect(await problemsOf(text)).toEqual([
    expect.stringMatching(/^config.yaml:5:28: groups.staff.default: a second budget/),
  ]);
});

test('D-4: the group named default and its row named default are two things', async () => {
  const { groups, defaults } = await configOf(
    withModels('groups: { default: { default: { max: 5 } }, staff: { max: 7 } }'),
  );
  expect([...groups.keys()]).toEqual(['default', 'staff']);
  expect(groups.get('default')?.pool).toMatchObject({ unit: 'tokens', max: coins(5) });
  expect(defaults.pool).toBeNull();
});

test('D-5: omitted amounts come from the block itself, then from defaults of the same unit', async () => {
  const config = await configOf(
    withModels(`defaults: { tokens: { max: 9, refresh: 3 } }
groups:
  whole: { max: 20 }
  rest: { starting: 1 }
  none: {}
  tokens: { default: { max: 500 } }`),
  );
  const pool = (name: string) => config.groups.get(name)?.pool;
  expect(pool('whole')).toMatchObject({ refreshPerHour: coins(3), starting: coins(20) });
  expect(pool('rest')).toMatchObject({ max: coins(9), starting: coins(1) });
  expect(pool('none')).toBeNull();
  expect(pool('tokens')).toMatchObject({ unit: 'tokens', max: coins(500), refreshPerHour: 0n });
  expect(config.defaults.pool).toMatchObject({ max: coins(9), starting: coins(9) });
});

test('D-6: users.admins are admins', async () => {
  const { config, warnings } = await read(
    withModels('admins: [A@x.edu]\nusers: { admins: [a@X.edu, " b@x.edu "] }'),
  );
  expect([...config.admins]).toEqual(['a@x.edu', 'b@x.edu']);
  expect(config.people.size).toBe(0);
  expect(warnings).toContainEqual('older form: users.admins → admins (line 6)');
});

test('D-10: clients and services are projects, but not twice', async () => {
  const text = withModels(`projects: { robot: { max: 1 } }
clients: { other: { max: 1 } }
services: { robot: { max: 9 } }`);
  expect(await problemsOf(text)).toEqual([
    expect.stringMatching(/^config.yaml:7:13: services.robot: a second block for the project/),
  ]);
});

test.each([
  ['app: { database_url: postgres://u:p@h/d }', 'postgresql://u:p@h/d'],
  ['app: { database: { url: postgresql+psycopg2://h/d } }', 'postgresql://h/d'],
  [
    'app: { database_url: postgresql://old/d, database: { url: postgresql://new/d } }',
    'postgresql://new/d',
  ],
  ['app: { database_url: "sqlite:///x.db" }', null],
  ['app: {}', null],
])('D-16: `%s` gives the database %s', async (text, url) => {
  expect((await configOf(withModels(text))).database.url).toBe(url);
});

test('D-16: DATABASE_URL wins over both older and newer settings', async () => {
  const text = withModels('app: { database_url: sqlite:///x.db, database: { pool_size: 3 } }');
  const config = await configOf(text, { DATABASE_URL: 'postgres://env/lumen' });
  expect(config.database).toMatchObject({ url: 'postgresql://env/lumen', poolSizeMax: 13 });
});

test('D-18, D-19: metrics and monitoring are accepted at their older place without a warning of unknown keys', async () => {
  const { warnings } = await read(
    withModels('prometheus: { enabled: true }\nmonitoring: { token: t }'),
  );
  expect(warnings.filter((line) => line.includes('not a setting'))).toEqual([]);
});

test('D-18: of metrics at both places the newer key counts, and what only the older has is kept', async () => {
  const text = 'prometheus: { enabled: true, token: older }\napi: { prometheus: { token: newer } }';
  const { metricsToken } = (await configOf(withModels(text))).api;
  expect(metricsToken).toBe('newer');
});

test('D-20: LUMEN_API_KEY_SECRET wins over LUMEN_ENCRYPTION_KEY, and that over the file', async () => {
  const text = withModels('app: { encryption_key: file, previous_encryption_keys: [older] }');
  const key = async (env: Record<string, string>) => (await configOf(text, env)).secrets.apiKeys;
  expect(await key({})).toBe('file');
  expect(await key({ LUMEN_ENCRYPTION_KEY: 'one' })).toBe('one');
  expect(await key({ LUMEN_ENCRYPTION_KEY: 'one', LUMEN_API_KEY_SECRET: 'two' })).toBe('two');
  expect(await key({ LUMEN_API_KEY_SECRET: '' })).toBe('file');
  expect((await configOf(text)).secrets.previousApiKeys).toEqual(['older']);
});

test('D-22: the environment wins over the file in all five settings of the provider', async () => {
  const config = await configOf(withModels('oauth2: { client_id: a, scopes: openid }'), {
    OAUTH2_CLIENT_ID: 'id',
    OAUTH2_CLIENT_SECRET: 'secret',
    OAUTH2_SERVER_METADATA_URL: 'https://op.example/meta',
    OAUTH2_REDIRECT_URI: 'https://lumen.example/callback',
    OAUTH2_SCOPES: 'openid email',
  });
  expect(config.oauth2).toMatchObject({
    clientId: 'id',
    clientSecret: 'secret',
    serverMetadataUrl: 'https://op.example/meta',
    redirectUri: 'https://lumen.example/callback',
    scopes: 'openid email',
  });
});

test('D-23: the developer is an address or a block', async () => {
  const user = async (text: string) => (await configOf(withModels(text))).app.devUser;
  expect(await user('app: { dev_user: Dev@Example.com }')).toEqual({
    email: 'dev@example.com',
    groups: [],
  });
  expect(await user('app: { dev_user: { email: d@x, groups: [staff] } }')).toEqual({
    email: 'd@x',
    groups: ['staff'],
  });
  expect(await user('app: { dev_user: "" }')).toBeNull();
});

test('D-33: a file without a version is not an error, one from the future is', async () => {
  expect(await problemsOf(withModels('version: 2'))).toEqual([]);
  expect(await problemsOf(withModels('version: 3'))).toEqual([
    'config.yaml:5:10: version: found 3; accepted is at most 2',
  ]);
});

test('D-34: all forms of settings for one person are read', async () => {
  const config = await configOf(
    withModels(`users:
  default: { groups: [everybody] }
  A@x: { groups: staff, max: 3, model_access: { blocked: [large] } }
  b@x: { models: [small] }
  c@x: { pool: { max: 4, refresh: 1 } }
  d@x: { models: { default: { max: 900 }, large: { max: 0 } } }`),
  );
  expect(config.defaults.groups).toEqual(['everybody']);
  expect([...config.people.keys()]).toEqual(['a@x', 'b@x', 'c@x', 'd@x']);
  expect(config.people.get('a@x')).toMatchObject({
    groups: ['staff'],
    pool: { unit: 'coins', max: coins(3) },
    access: { default: null, models: rules({ large: 'blocked' }) },
  });
  expect(config.people.get('b@x')?.access.models).toEqual(rules({ small: 'allowed' }));
  expect(config.people.get('c@x')?.pool).toMatchObject({ unit: 'coins', refreshPerHour: coins(1) });
  expect(config.people.get('d@x')).toMatchObject({
    pool: { unit: 'tokens', max: coins(900) },
    access: { default: 'allowed', models: rules({ large: 'blocked' }) },
  });
});

test('D-35: the audio price per minute is accepted as one per hour', async () => {
  const text =
    'models: [{ name: m, input_cost_per_million: 0, output_cost_per_million: 0, audio_cost_per_minute: 0.006 }]';
  const { warnings } = await read(text);
  expect(warnings).toContainEqual(
    expect.stringContaining('models[*].audio_cost_per_hour, 60 times it'),
  );
  expect(warnings.filter((line) => line.includes('not a setting'))).toEqual([]);
});

test('whether a model sees images is told by what it reads', async () => {
  const entry = (more: string) =>
    `models: [{ name: m, input_cost_per_million: 0, output_cost_per_million: 0, ${more} }]`;
  const modalities = async (more: string) =>
    (await read(entry(more))).config.models.get('m')?.inputModalities;
  expect(await modalities('supports_vision: true')).toEqual(['text', 'image']);
  expect(await modalities('supports_vision: no')).toEqual(['text']);
  expect(await modalities('supports_vision: true, input_modalities: [text]')).toEqual(['text']);
});

test('each older key is told once, with its place and how often it stands there', async () => {
  const { warnings } = await read(
    withModels('groups: { a: { default: { max: 1 } }, b: { default: { max: 2 } } }'),
  );
  expect(warnings).toEqual([
    'older form: groups.<name>.default.max → groups.<name>.max with unit: tokens, and model_access.default (line 5 and 1 more)',
  ]);
});
