import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { configDocs, settings } from '../../scripts/config-docs.ts';
import type { Config } from '../../server/config/config.ts';
import { parseConfig } from '../../server/config/load.ts';

const root = join(import.meta.dirname, '../..');
/** A `#` without a space after it stands before a setting; with one, before prose. */
const COMMENTED_SETTING = /^(\s*)#(?=\S)/gm;

let text: string;
let whole: string;
let values: unknown;
let prose: string;

beforeAll(async () => {
  text = await readFile(join(root, 'config.yaml.example'), 'utf8');
  whole = text.replace(COMMENTED_SETTING, '$1');
  values = parse(whole);
  prose = text.replace(/^\s*# /gm, '').replace(/\s+/g, ' ');
});

const load = (yaml: string) =>
  parseConfig(yaml, { file: 'config.yaml.example', env: { OIDC_SECRET: 's' }, generation: 1 });

/** The values at a path: `models[].name` reads the first model, `groups.<name>.max` the first group. */
function valueAt(path: string): unknown {
  return path
    .replaceAll('[]', '.0')
    .split('.')
    .reduce<unknown>((value, key) => {
      if (typeof value !== 'object' || value === null) return undefined;
      return key === '<name>'
        ? Object.values(value)[0]
        : Object.entries(value).find(([k]) => k === key)?.[1];
    }, values);
}

const isBlank = (value: unknown) =>
  value === undefined ||
  value === '' ||
  JSON.stringify(value) === '[]' ||
  JSON.stringify(value) === '{}';

test('each setting is in the example, with its sentence and its default', () => {
  for (const { path, standard, description, isSection } of settings()) {
    expect(description, `${path} has a sentence`).toMatch(/\.$/);
    expect(prose, `${path} is explained`).toContain(description);
    expect(valueAt(path), `${path} is there`).toBeDefined();
    if (!isSection && !isBlank(standard)) {
      expect(valueAt(path), `${path} shows its default`).toEqual(standard);
    }
  }
});

test('the example loads without a warning, as it is and with every setting in force', async () => {
  expect((await load(text)).warnings).toEqual([]);
  const { config, warnings } = await load(whole);
  expect(warnings).toEqual([]);
  expect(config.oauth2?.clientSecret).toBe('s');
  expect(config.people.get('ada@example.edu')?.pool).not.toBeNull();
});

test('what the example states beyond its examples are the defaults', async () => {
  const { config } = await load(text);
  const bare = await load(
    'models: [{ name: m, input_cost_per_million: 0, output_cost_per_million: 0, endpoints: [{ url: "http://m/v1" }] }]',
  );
  expect(timeoutsOf(config)).toEqual(timeoutsOf(bare.config));
  const { chat, budgets, api, logs, defaults, database, redisUrl, app } = bare.config;
  expect(config).toMatchObject({
    chat,
    budgets,
    api,
    logs,
    defaults,
    database,
    redisUrl,
    app,
  });
});

const timeoutsOf = ({ models }: Config) => [...models.values()][0]?.endpoints[0]?.timeouts;

test('docs/config.md is what the schema says', async () => {
  expect(await readFile(join(root, 'docs/config.md'), 'utf8')).toBe(configDocs());
});
