// The YAML of the first README (versions 1.2 to 1.5), as it stands there, and a file of versions 1.8 to 1.12.
import { expect, test } from 'vitest';
import { coins, price } from '../../../server/kernel/coins.ts';
import { configOf, read } from './read.ts';

const LOCAL = `app:
  secret_key: "any-random-string"
  encryption_key: "another-random-string"
  database_url: sqlite:///lumen_dev.db
  debug: true
  dev_user: dev@example.com    # bypasses OAuth — logs in as this email automatically
`;

const ECHO = `models:
  - name: dummy
    active: true
    input_cost_per_million: 0.0
    output_cost_per_million: 0.0
    endpoints:
      - url: http://localhost:9999/v1
        api_key: dummy
`;

const APP = `app:
  name: Lumen
  tagline: Illuminating AI access
  secret_key: change-me-to-something-random   # any long random string; used for session cookies
  encryption_key: change-me-to-something-different  # separate secret used to hash user API keys
  database_url: sqlite:///lumen.db            # or a postgres:// URL
  debug: false
`;

const AUTHENTICATION = `oauth2:
  client_id: cilogon:/client_id/...
  client_secret: ...
  server_metadata_url: https://cilogon.org/.well-known/openid-configuration
  redirect_uri: https://your-domain/callback
  scopes: openid email profile org.cilogon.userinfo
  # Optional: restrict login to one institution
  # params:
  #   idphint: urn:mace:incommon:uiuc.edu
`;

const ADMINS = `admins:
  - you@example.edu
`;

const MODELS = `models:
  - name: gpt-4o
    active: true
    input_cost_per_million: 5.0    # for usage tracking only
    output_cost_per_million: 15.0
    endpoints:
      - url: https://api.openai.com/v1
        api_key: sk-...
        # model: gpt-4o            # optional — overrides the name sent to this endpoint

  - name: llama3
    active: true
    input_cost_per_million: 0.0
    output_cost_per_million: 0.0
    endpoints:
      - url: http://localhost:11434/v1
        api_key: ollama
        model: llama3.2
`;

const GROUPS = `groups:
  default:
    default:          # applies to all models
      max: 0          # token budget (0 = no access)
      refresh: 0      # tokens added per hour (0 = no auto-refresh)
      starting: 0     # tokens granted on first login

  faculty:
    default:
      max: 1000000
      refresh: 50000
      starting: 1000000
`;

const RULES = `groups:
  uiuc-staff:
    rules:
      - field: affiliation
        contains: staff@illinois.edu   # substring match
      - field: idp
        equals: urn:mace:incommon:uiuc.edu   # exact match
    default:
      max: 500000
      refresh: 10000
`;

const CHAT = `chat:
  remove: hide   # "hide" = soft-delete (recoverable) | "delete" = permanent
`;

const RATE = `rate_limiting:
  limit: "30 per minute"
  # storage_url: redis://localhost:6379/0  # optional; use Redis in multi-worker deployments
`;

const POOL = `app:
  db_pool:
    pool_size: 20        # persistent connections kept open
    max_overflow: 30     # burst connections allowed above pool_size
    pool_timeout: 10     # seconds to wait for a free connection before returning an error
    pool_recycle: 1800   # recycle connections after 30 min to avoid stale-connection errors
    pool_pre_ping: true  # test each connection before use; silently replaces stale ones
`;

const CLIENTS_ERA = `app:
  name: Lumen
  secret_key: 0123456789abcdef0123456789abcdef
  encryption_key: fedcba9876543210fedcba9876543210
  database_url: postgres://lumen:pw@db/lumen
  debug: false
oauth2:
  client_id: cilogon:/client_id/1
  client_secret: s3cret
  server_metadata_url: https://cilogon.org/.well-known/openid-configuration
prometheus:
  enabled: true
  multiproc_dir: /tmp/metrics
models:
  - name: gpt-4o
    active: true
    input_cost_per_million: 5.0
    output_cost_per_million: 15.0
    endpoints: [{ url: https://api.openai.com/v1, api_key: sk-1 }]
  - name: old
    active: false
    input_cost_per_million: 1
    output_cost_per_million: 1
groups:
  default:
    max: 20
    refresh: 1
    model_access: { default: whitelist, blacklist: [old] }
clients:
  default: { max: 5 }
  robot: { max: 50 }
admins: [admin@example.edu]
chat: { remove: delete, upload: { max_size_mb: 10 } }
rate_limiting: { limit: 30 per minute, storage_url: redis://redis:6379/0 }
`;

test('the README’s file for local development loads', async () => {
  const { config, warnings } = await read(LOCAL + ECHO);
  expect(config.app).toEqual({
    name: 'Lumen',
    tagline: '',
    trustedProxies: 0,
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
  expect(config.database).toEqual({ url: null, poolSizeMax: 50, acquireTimeoutMs: 10_000 });
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
