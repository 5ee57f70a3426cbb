import { expect, test } from 'vitest';
import { changes, following, restartNeeded } from '../../../server/config/changes.ts';
import { configOf, withModels } from './read.ts';

const PROVIDER = 'client_id: i, client_secret: s, server_metadata_url: "https://op.example/m"';

test('every change of a hot setting is told by name, never by value', async () => {
  const before = await configOf(
    withModels(
      'groups: { a: { max: 1 }, b: { max: 1 } }\nusers: { x@x: { max: 1 } }\nadmins: [a@x]',
    ),
  );
  const after = await configOf(`
models:
  - { name: small, input_cost_per_million: 3, output_cost_per_million: 2 }
  - { name: new, input_cost_per_million: 1, output_cost_per_million: 2 }
groups: { a: { max: 1 }, b: { max: 1, model_access: { allowed: [new] } } }
admins: [b@x]
chat: { remove: delete }
app: { name: Other }`);
  expect(changes(before, after)).toEqual([
    'app.name changed',
    'admins changed',
    'chat changed',
    'models added: new',
    'models removed: large',
    'models changed: small',
    'groups changed: b',
    'users removed: x@x',
  ]);
  expect(changes(before, before)).toEqual([]);
});

test('settings that are read at the start are told by name, and a running process keeps them', async () => {
  const running = await configOf(
    withModels(
      `app: { secret_key: a, encryption_key: b }\noauth2: { ${PROVIDER}, params: { hint: x } }`,
    ),
  );
  const written = await configOf(
    withModels(`app: { secret_key: c, encryption_key: d, debug: true, dev_user: d@x, database_url: "postgres://h/d", logs: { level: debug } }
oauth2: { ${PROVIDER}, scopes: openid, params: { hint: y } }
rate_limiting: { storage_url: "redis://h" }`),
  );
  expect(restartNeeded(running, written)).toEqual([
    'app.secret_key',
    'app.encryption_key',
    'app.database (or app.database_url)',
    'app.debug',
    'oauth2',
    'redis.url (or rate_limiting.storage_url)',
  ]);
  const followed = following(running, written);
  expect(restartNeeded(running, followed)).toEqual([]);
  expect(followed.app).toMatchObject({ debug: false, devUser: null });
  expect(followed.oauth2).toMatchObject({ scopes: 'openid email profile', params: { hint: 'y' } });
});
