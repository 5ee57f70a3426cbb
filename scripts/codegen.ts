// Writes the web client's typed documents, as codegen.yml says. The command-line tool of @graphql-codegen is not used:
// its core does the same in these lines.
import { globSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { codegen } from '@graphql-codegen/core';
import * as documentPlugin from '@graphql-codegen/typed-document-node';
import * as operationPlugin from '@graphql-codegen/typescript-operations';
import { parse } from 'graphql';
import { parse as parseYaml } from 'yaml';

interface Settings {
  schema: string;
  documents: string;
  output: string;
  config: Record<string, unknown>;
}

const root = path.resolve(import.meta.dirname, '..');
process.chdir(root);
const settings: Settings = parseYaml(await readFile('codegen.yml', 'utf8'));

const files = globSync(settings.documents).sort();
const documents = await Promise.all(
  files.map(async (location) => ({ location, document: parse(await readFile(location, 'utf8')) })),
);
const code = await codegen({
  schema: parse(await readFile(settings.schema, 'utf8')),
  documents,
  filename: settings.output,
  config: settings.config,
  plugins: [{ operations: {} }, { documents: {} }],
  pluginMap: { operations: operationPlugin, documents: documentPlugin },
});
await writeFile(settings.output, code);
