// Writes docs/config.md and docs/config.schema.json from the schema of config.yaml; with --check, fails when a file
// says something else.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OVERRIDES } from '../server/config/environment.ts';
import { editorSchemaText, type Schema, settingsSchema } from './config-json-schema.ts';

export interface Setting {
  /** `groups.<name>.max`, `models[].name`; a whole section has a path as well. */
  readonly path: string;
  readonly value: string;
  /** Undefined when there is none. */
  readonly standard: unknown;
  readonly description: string;
  readonly isSection: boolean;
}

const DOCS = join(import.meta.dirname, '..', 'docs');
const MAPPING = /^(users|groups|projects)$/;

/** Every setting of the newest form, sections before what they hold. */
export function settings(): Setting[] {
  return inside(settingsSchema(), '');
}

function inside(schema: Schema, path: string): Setting[] {
  if (schema.items && typeof schema.items === 'object')
    return here(schema.items as Schema, `${path}[]`);
  const each = schema.additionalProperties;
  if (MAPPING.test(path) && typeof each === 'object') return here(each, `${path}.<name>`);
  return Object.entries(schema.properties ?? {}).flatMap(([key, part]) =>
    here(part as Schema, path ? `${path}.${key}` : key),
  );
}

function here(schema: Schema, path: string): Setting[] {
  const within = inside(schema, path);
  const description = schema.description ?? '';
  const isSection = within.length > 0;
  if (path.endsWith('[]') && !isSection) return [];
  const standard: unknown = isSection ? undefined : schema.default;
  return [{ path, value: valueWords(schema), standard, description, isSection }, ...within];
}

function valueWords(schema: Schema): string {
  if (schema.enum) return schema.enum.map((word) => `\`${word}\``).join(', ');
  switch (schema.type) {
    case 'boolean':
      return '`true`, `false`';
    case 'integer':
      return `whole number from ${schema.minimum} to ${schema.maximum}`;
    case 'number':
      return 'number';
    case 'array':
      return 'list';
    case 'object':
      return 'block';
    default:
      return 'text';
  }
}

const INTRODUCTION = `# Configuration

<!-- Written by scripts/config-docs.ts from the schema in server/config; edit that. -->

Lumen reads one file, \`config.yaml\` in its folder, or the file that the environment variable \`CONFIG_YAML\` names.
Start from \`config.yaml.example\`, or from the [whole configuration of a university](configuration-guide.md). The file is
followed while Lumen runs: a save takes effect as a whole within a second. A file with a mistake changes nothing; the log
names each mistake with its line. A key that Lumen does not know is ignored with a warning. Editors complete and check
the newest form with [config.schema.json](config.schema.json), which the first line of the example names.

These settings are read at the start only, and a change to them is announced in the log: \`app.secret_key\`,
\`app.encryption_key\`, \`app.previous_encryption_keys\`, \`app.database\`, \`app.debug\`, \`redis.url\`,
\`rate_limiting.storage_url\`, and \`oauth2\` except \`params\`, \`allow_unverified_email\` and
\`link_by_email\`.

Any text may contain \`\${NAME}\`, which stands for that environment variable; \`$\${\` is a literal \`\${\`. A setting that is
empty counts as not written.
`;

const OLDER_FORMS = `## Older forms

A file of an earlier Lumen loads as it is. Each older key is named in the log with what to write today. No older form
gives more than it did: a budget below \`groups.<name>.default\` counts tokens, not coins; a model that no rule names
is blocked, as \`defaults.models.access\` says, where versions 1.8 to 1.17 allowed it; \`graylist\` becomes \`allowed\` for
the group or person and \`needs_ack\` for the model, whoever uses it. An amount for a single model allows the model, and
no pool of tokens is larger than it: a model has no balance of its own any more
([decision 18](decisions/0018-caps-of-single-models.md)).
`;

export function configDocs(): string {
  const all = settings();
  const sections = all.filter(({ path }) => !/[.[]/.test(path));
  return [
    INTRODUCTION,
    environmentDocs(),
    ...sections.map((section) => sectionDocs(section, all)),
    OLDER_FORMS,
  ].join('\n');
}

function sectionDocs(section: Setting, all: readonly Setting[]): string {
  const heading = `## ${section.path}\n\n${section.description}\n`;
  const within = all.filter(
    ({ path }) => /^[.[]/.test(path.slice(section.path.length)) && path.startsWith(section.path),
  );
  const rows = section.isSection ? within : [section];
  return `${heading}\n${table(['setting', 'value', 'default', 'meaning'], rows.map(row))}`;
}

function row({ path, value, standard, description }: Setting): string[] {
  const shown = standard === undefined || standard === '' ? '' : `\`${JSON.stringify(standard)}\``;
  return [`\`${path}\``, value, shown.replaceAll('"', ''), description];
}

function environmentDocs(): string {
  const rows = OVERRIDES.map(([variable, setting]) => [`\`${variable}\``, `\`${setting}\``]);
  const heading =
    '## Environment variables\n\nThey win over the file; of two for one setting, the lower wins.\n';
  return `${heading}\n${table(['variable', 'setting'], rows)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''].join('\n');
}

if (import.meta.main) {
  const pages = { 'config.md': configDocs(), 'config.schema.json': editorSchemaText() };
  for (const [name, wanted] of Object.entries(pages)) {
    const file = join(DOCS, name);
    if (!process.argv.includes('--check')) {
      await writeFile(file, wanted);
    } else if ((await readFile(file, 'utf8').catch(() => '')) !== wanted) {
      console.error(`docs/${name} is not what the schema says; run: npm run config-docs`);
      process.exitCode = 1;
    }
  }
}
