// What the administrators' page of versions 1.8 to 1.12 promised of a running Lumen, in the words of its files (D-26).
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { changes, restartNeeded } from '../../../server/config/changes.ts';
import { configOf } from './read.ts';

const FILE = `
app:
  secret_key: 0123456789abcdef0123456789abcdef
  encryption_key: fedcba9876543210fedcba9876543210
  database_url: postgres://db/lumen
  debug: true
oauth2:
  client_id: portal
  client_secret: s3cret
  server_metadata_url: https://login.example.edu/.well-known/openid-configuration
models:
  - name: gpt-4o
    active: true
    input_cost_per_million: 5.0
    output_cost_per_million: 15.0
    endpoints: [{ url: https://api.openai.com/v1, api_key: sk-1 }]
groups:
  default: { max: 20, refresh: 1, model_access: { default: whitelist } }
clients:
  default: { max: 5 }
  robot: { max: 50, model_access: { whitelist: [gpt-4o] } }
admins: [admin@example.edu]
chat: { remove: hide }
rate_limiting: { limit: 30 per minute, storage_url: redis://redis:6379/0 }
`;

type Sections = { [key: string]: Sections };

/** The file with another value at one place; undefined takes the setting out. */
function changed(path: string, value: unknown): string {
  const file = parse(FILE) as Sections;
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const block = keys.reduce<Sections>((found, key) => found[key] ?? {}, file);
  Object.assign(block, { [last]: value });
  return stringify(file);
}

test.each<[string, unknown, string]>([
  ['models.0.active', false, 'models changed: gpt-4o'],
  ['models.0.endpoints', [], 'models changed: gpt-4o'],
  ['models.0.input_cost_per_million', 1, 'models changed: gpt-4o'],
  ['models.0.output_cost_per_million', 1, 'models changed: gpt-4o'],
  ['groups.staff', { max: 9 }, 'groups added: staff'],
  ['groups.default', undefined, 'groups removed: default'],
  ['groups.default.model_access', { blacklist: ['gpt-4o'] }, 'groups changed: default'],
  ['clients.default', { max: 6 }, 'projects changed: default'],
  ['clients.robot.max', 60, 'projects changed: robot'],
  ['clients.robot.model_access', { blacklist: ['gpt-4o'] }, 'projects changed: robot'],
  ['admins', ['other@example.edu'], 'admins changed'],
  ['chat.remove', 'delete', 'chat changed'],
  ['rate_limiting.limit', '10 per minute', 'rate_limiting changed'],
])('D-26: a change of %s takes effect at once', async (path, value, told) => {
  const [before, after] = [await configOf(FILE), await configOf(changed(path, value))];
  expect(changes(before, after)).toEqual([told]);
  expect(restartNeeded(before, after)).toEqual([]);
});

test.each<[string, unknown, string]>([
  ['app.secret_key', 'another', 'app.secret_key'],
  ['app.encryption_key', 'another', 'app.encryption_key'],
  ['app.database_url', 'postgres://other/lumen', 'app.database (or app.database_url)'],
  ['app.debug', false, 'app.debug'],
  ['oauth2.client_id', 'another', 'oauth2'],
  ['oauth2.client_secret', 'another', 'oauth2'],
  ['oauth2.server_metadata_url', 'https://other.example.edu/metadata', 'oauth2'],
  ['rate_limiting.storage_url', 'redis://other:6379/0', 'redis.url (or rate_limiting.storage_url)'],
])('D-26: a change of %s waits for a restart, and that is told', async (path, value, told) => {
  const [before, after] = [await configOf(FILE), await configOf(changed(path, value))];
  expect(restartNeeded(before, after)).toEqual([told]);
});
