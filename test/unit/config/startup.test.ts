import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { evaluationConfig } from '../../../server/config/evaluation.ts';
import { loadConfig } from '../../../server/config/load.ts';
import { keptSecrets } from '../../../server/config/secrets.ts';
import { startupProblems } from '../../../server/config/startup.ts';
import { coins, price } from '../../../server/kernel/coins.ts';
import { configOf, withModels } from './read.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumen-config-'));
});
afterEach(() => rm(folder, { recursive: true }));

const STRONG = { secret_key: 'a'.repeat(32), encryption_key: 'b'.repeat(32) };
const PROVIDER =
  'oauth2: { client_id: i, client_secret: s, server_metadata_url: "https://op.example/m" }';
const app = (settings: object) => `app: ${JSON.stringify(settings)}`;
const problems = async (text: string) => startupProblems(await configOf(text));
const quiet = { info: () => {}, warn: () => {} };

test('a complete file has nothing against it', async () => {
  expect(await problems(withModels(`${app(STRONG)}\n${PROVIDER}`))).toEqual([]);
  expect(await problems(withModels(app({ debug: true, dev_user: 'd@x' })))).toEqual([]);
});

test.each<[string, object, RegExp]>([
  ['no secret', { encryption_key: STRONG.encryption_key }, /app.secret_key is missing: set it/],
  ['a short secret', { ...STRONG, encryption_key: 'short' }, /app.encryption_key is too short/],
  [
    'a default secret',
    { ...STRONG, secret_key: 'change-me-to-something-random-and-long' },
    /app.secret_key still has its default value/,
  ],
  ['one secret for both', { ...STRONG, encryption_key: STRONG.secret_key }, /are the same/],
  ['a developer without debug', { ...STRONG, dev_user: 'd@x' }, /app.dev_user lets anybody in/],
])('%s is refused', async (_, settings, sentence) => {
  expect(await problems(withModels(`${app(settings)}\n${PROVIDER}`))).toEqual([
    expect.stringMatching(sentence),
  ]);
});

test('a file that nobody could sign in with, or without a usable model, is refused', async () => {
  expect(await problems(withModels(app(STRONG)))).toEqual([
    expect.stringContaining('Nobody could sign in'),
  ]);
  const off =
    'models: [{ name: m, disabled: true, input_cost_per_million: 0, output_cost_per_million: 0 }]';
  expect(await problems(`${app(STRONG)}\n${PROVIDER}\n${off}`)).toEqual([
    expect.stringContaining('There is no model'),
  ]);
});

test('in debug mode missing secrets are made once and kept for the owner only', async () => {
  const file = join(folder, 'config.yaml');
  await writeFile(file, withModels(app({ debug: true, dev_user: 'd@x', encryption_key: 'own' })));
  const dataDir = join(folder, 'data');
  const load = () => loadConfig({ file, env: {}, generation: 1, log: quiet, dataDir });
  const first = await load();
  expect(first.secrets.session).toHaveLength(43);
  expect(first.secrets.apiKeys).toBe('own');
  expect((await load()).secrets).toEqual(first.secrets);
  expect((await stat(join(dataDir, 'secrets.json'))).mode & 0o777).toBe(0o600);
});

test('outside debug mode no secret is made', async () => {
  const file = join(folder, 'config.yaml');
  await writeFile(file, withModels(PROVIDER));
  const config = await loadConfig({ file, env: {}, generation: 1, log: quiet, dataDir: folder });
  expect(config.secrets).toMatchObject({ session: '', apiKeys: '' });
  await expect(stat(join(folder, 'secrets.json'))).rejects.toThrow('ENOENT');
});

test('damaged kept secrets are told without quoting them', async () => {
  await writeFile(join(folder, 'secrets.json'), '{"session": "CANARY');
  await expect(keptSecrets(folder)).rejects.toThrow(/secrets.json is damaged/);
  await expect(keptSecrets(folder)).rejects.not.toThrow(/CANARY/);
  expect(await readFile(join(folder, 'secrets.json'), 'utf8')).toContain('CANARY');
});

test.each([
  ['missing.yaml', null, /there is no such file; copy config.yaml.example to it/],
  ['latin.yaml', Buffer.from([0x61, 0x3a, 0x20, 0xe9]), /is not text in UTF-8/],
  ['large.yaml', Buffer.alloc(6 * 1024 * 1024, '#'), /accepted are at most 5242880/],
])('%s is refused by name', async (name, content, sentence) => {
  const file = join(folder, name);
  if (content) await writeFile(file, content);
  const loading = loadConfig({ file, env: {}, generation: 1, log: quiet });
  await expect(loading).rejects.toThrow(sentence);
  await expect(loading).rejects.toMatchObject({ problems: [{ source: file, line: null }] });
});

test('evaluation mode has one administrator, one model and ten coins, and may start', () => {
  const secrets = { session: 's', apiKeys: 'k' };
  const env = {
    DATABASE_URL: 'postgres://h/d',
    REDIS_URL: 'redis://h',
    LUMEN_SECRET_KEY: 'unused',
  };
  const config = evaluationConfig({ echoUrl: 'http://127.0.0.1:1234/v1', secrets, env });
  expect(startupProblems(config)).toEqual([]);
  expect(config).toMatchObject({
    generation: 1,
    file: null,
    app: { debug: true, devUser: { email: 'dev@example.com' } },
    secrets: { session: 's', apiKeys: 'k', previousApiKeys: [] },
    database: { url: 'postgresql://h/d' },
    redisUrl: 'redis://h',
  });
  expect(config.admins.has('dev@example.com')).toBe(true);
  expect(config.models.get('dummy')).toMatchObject({
    prices: { input: price(1), output: price(2) },
    endpoints: [{ url: 'http://127.0.0.1:1234/v1', apiKey: 'dummy', model: 'dummy' }],
  });
  expect(config.groups.get('default')).toMatchObject({
    pool: { unit: 'coins', max: coins(10), refreshPerHour: coins(1), starting: coins(10) },
    access: { default: 'allowed' },
  });
});
