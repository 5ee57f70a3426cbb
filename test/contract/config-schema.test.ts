// What an editor says of a config.yaml, by docs/config.schema.json.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { settings } from '../../scripts/config-docs.ts';
import { editorSchemaText, type Schema } from '../../scripts/config-json-schema.ts';
import { parseConfig } from '../../server/config/load.ts';
import { ADMINS, AUTHENTICATION, CHAT, RATE } from '../unit/config/seed-files.ts';

const root = join(import.meta.dirname, '../..');
const FILE = 'docs/config.schema.json';
const text = await readFile(join(root, FILE), 'utf8');
const schema = JSON.parse(text) as Schema;
const accepts = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);

/** Where the editor underlines, and why. */
function complaints(yaml: string): string[] {
  accepts(parse(yaml));
  return (accepts.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

test('docs/config.schema.json is what the schema says', () => {
  expect(text).toBe(editorSchemaText());
});

test('config.yaml.example names the schema in its first line, and nothing in it is underlined', async () => {
  const example = await readFile(join(root, 'config.yaml.example'), 'utf8');
  expect(example.split('\n', 1)).toEqual([`# yaml-language-server: $schema=${FILE}`]);
  expect(complaints(example)).toEqual([]);
  expect(complaints(example.replace(/^(\s*)#(?=\S)/gm, '$1'))).toEqual([]);
});

test('nothing is underlined in the file of the guide, nor in what is still newest of the oldest files', async () => {
  expect(complaints(await readFile(join(root, 'docs/examples/university.yaml'), 'utf8'))).toEqual(
    [],
  );
  for (const section of [AUTHENTICATION, ADMINS, CHAT, RATE]) {
    expect(complaints(section), section).toEqual([]);
  }
});

/** The part of the schema at a path such as `models[].name` or `groups.<name>.max`. */
function partAt(path: string): Schema | undefined {
  return path.split(/\.|(?=\[\])/).reduce<Schema | undefined>((part, key) => {
    const next = key === '[]' ? part?.items : part?.properties?.[key];
    return (key === '<name>' ? part?.additionalProperties : next) as Schema | undefined;
  }, schema);
}

test('the editor shows the sentence and the default of each setting', () => {
  for (const { path, description, standard, isSection } of settings()) {
    const part = partAt(path);
    expect(part?.description, path).toBe(description);
    if (!isSection) expect(part?.default, path).toEqual(standard);
  }
});

const VARIABLES = { ON: 'true', SIZE: '7', URL: 'postgresql://db/lumen' };
const [ON, SIZE, URL] = Object.keys(VARIABLES).map((name) => `"\${${name}}"`);

test.each([
  `app: { debug: ${ON}, name: 4711, dev_user: ada@example.edu }`,
  `app: { database: { url: ${URL}, pool_size: ${SIZE} }, tagline: }`,
  'rate_limiting: { limit: 10/second; 1000 per 2 hours }\nchat: { remove: hide }',
  'groups: { staff: , all: { max: -2 } }\nusers: { a@example.edu: { groups: staff } }',
  `models: [{ name: m, input_cost_per_million: 0.0, output_cost_per_million: ${SIZE} }]`,
])('what loads in the newest form is not underlined: %s', async (yaml) => {
  expect(complaints(yaml)).toEqual([]);
  const { warnings } = await parseConfig(yaml, { file: 'f', env: VARIABLES, generation: 1 });
  expect(warnings.filter((line) => /older form|not a setting/.test(line))).toEqual([]);
});

test.each([
  ['apps: {}', ' must NOT have additional properties'],
  [
    'models: [{ name: m, output_cost_per_million: 1 }]',
    "/models/0 must have required property 'input_cost_per_million'",
  ],
  ['chat: { remove: soft }', '/chat/remove must be equal to one of the allowed values'],
  ['budgets: { output_tokens: 0 }', '/budgets/output_tokens must be >= 1'],
  [
    'groups: { staff: { default: { max: 1 } } }',
    '/groups/staff must NOT have additional properties',
  ],
])('a mistake or an older form is underlined: %s', (yaml, complaint) => {
  expect(complaints(yaml)).toContain(complaint);
});
