// Files of older versions, as they were written, load and mean what they meant.
import { expect, test } from 'vitest';
import { coins, price } from '../../../server/kernel/coins.ts';
import { configOf, read } from './read.ts';
import {
  ADMINS,
  APP,
  AUTHENTICATION,
  CHAT,
  CLIENTS_ERA,
  ECHO,
  GROUPS,
  LOCAL,
  MODELS,
  POOL,
  RATE,
  RULES,
} from './seed-files.ts';

test('the README’s file for local development loads', async () => {
  const { config, warnings } = await read(LOCAL + ECHO);
  expect(config.app).toEqual({
    name: 'Lumen',
    tagline: '',
    announcement: null,
    theme: 'default',
    emailThemes: [],
    githubUrl: null,
    trustedProxies: 0,
    hasEditor: true,
    session: { idleHours: 24, lifetimeDays: 7 },
    debug: true,
    devUser: { email: 'dev@example.com', groups: [] },
  });
  expect(config.secrets).toMatchObject({
    session: 'any-random-string',
    apiKeys: 'another-random-string',
  });
  expect(config.database.url).toBeNull();
  expect(config.models.get('dummy')).toMatchObject({
    disabled: false,
    endpoints: [{ url: 'http://localhost:9999/v1', apiKey: 'dummy', model: 'dummy' }],
  });
  expect(warnings).toContainEqual(
    expect.stringContaining('app.database_url → app.database.url (line 4)'),
  );
  expect(warnings).toContainEqual(expect.stringContaining('SQLite is not used'));
  expect(warnings).toContainEqual(expect.stringContaining('NOBODY MAY USE ANY MODEL'));
});

test('the README’s reference file loads, with budgets in tokens', async () => {
  const text = APP + AUTHENTICATION + ADMINS + MODELS + GROUPS + CHAT + RATE;
  const { config, warnings } = await read(text);
  expect(config.app).toMatchObject({ tagline: 'Illuminating AI access', debug: false });
  expect(config.oauth2).toEqual({
    clientId: 'cilogon:/client_id/...',
    clientSecret: '...',
    serverMetadataUrl: 'https://cilogon.org/.well-known/openid-configuration',
    redirectUri: 'https://your-domain/callback',
    scopes: 'openid email profile org.cilogon.userinfo',
    params: {},
    allowUnverifiedEmail: false,
    linkByEmail: 'verified',
  });
  expect([...config.admins]).toEqual(['you@example.edu']);
  expect([...config.models.keys()]).toEqual(['gpt-4o', 'llama3']);
  expect(config.models.get('gpt-4o')?.prices).toMatchObject({ input: price(5), output: price(15) });
  expect(config.models.get('llama3')?.endpoints[0]?.model).toBe('llama3.2');
  expect(config.groups.get('faculty')).toMatchObject({
    pool: {
      unit: 'tokens',
      max: coins(1_000_000),
      refreshPerHour: coins(50_000),
      starting: coins(1_000_000),
    },
    access: { default: 'allowed', models: new Map() },
  });
  expect(config.groups.get('default')).toMatchObject({
    pool: { unit: 'tokens', max: 0n, refreshPerHour: 0n, starting: 0n },
    access: { default: null },
  });
  expect(config.chat.remove).toBe('hide');
  expect(config.redisUrl).toBeNull();
  expect(warnings.filter((line) => line.includes('not a setting'))).toEqual([]);
});

test('the README’s group with rules keeps its budget in tokens, and starting is max', async () => {
  const config = await configOf(MODELS + RULES);
  const group = config.groups.get('uiuc-staff');
  const { match, rules } = group ?? {};
  expect([match, rules?.map(({ field }) => field)]).toEqual(['all', ['affiliation', 'idp']]);
  expect(group?.pool).toEqual({
    unit: 'tokens',
    max: coins(500_000),
    refreshPerHour: coins(10_000),
    starting: coins(500_000),
  });
});

test('the README’s database pool gives the size of ours, without a warning of unused settings', async () => {
  const { config, warnings } = await read(POOL + MODELS);
  expect(config.database).toEqual({
    url: null,
    poolSize: 20,
    poolSizeMax: 50,
    acquireTimeoutMs: 10_000,
  });
  expect(warnings.filter((line) => line.includes('not a setting'))).toEqual([]);
});

test('a file of the time of clients loads, and says loudly that unnamed models are blocked now', async () => {
  const { config, warnings } = await read(CLIENTS_ERA);
  expect(config.database.url).toBe('postgresql://lumen:pw@db/lumen');
  expect(config.redisUrl).toBe('redis://redis:6379/0');
  expect(config.chat.remove).toBe('delete');
  expect(config.models.get('old')?.disabled).toBe(true);
  expect(config.groups.get('default')).toMatchObject({
    pool: { unit: 'coins', max: coins(20), refreshPerHour: coins(1), starting: coins(20) },
    access: { default: 'allowed', models: new Map([['old', 'blocked']]) },
  });
  const forms = warnings
    .filter((line) => line.startsWith('older form'))
    .map((line) => line.slice(12));
  expect(forms).toEqual([
    'app.database_url → app.database.url (line 5)',
    'prometheus → api.prometheus (line 11)',
    'clients → projects (line 29)',
    'models[*].active → models[*].disabled, which says the opposite (line 16 and 1 more)',
    'groups.<name>.model_access.default: whitelist → allowed (line 28)',
    'groups.<name>.model_access.blacklist → groups.<name>.model_access.blocked (line 28)',
  ]);
  expect(warnings).toContainEqual(expect.stringContaining('MODELS THAT NO RULE NAMES ARE BLOCKED'));
});
