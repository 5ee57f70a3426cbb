// Writes the web client's typed documents, as codegen.yml says. The command-line tool of @graphql-codegen is not used:
// its core does the same in these lines.
import { hash } from 'node:crypto';
import { globSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { codegen } from '@graphql-codegen/core';
import * as documentPlugin from '@graphql-codegen/typed-document-node';
import * as operationPlugin from '@graphql-codegen/typescript-operations';
import { formatDocument } from '@urql/core';
import { buildASTSchema, type DocumentNode, parse, print, validate } from 'graphql';
import { parse as parseYaml } from 'yaml';

interface Settings {
  schema: string;
  documents: string;
  output: string;
  config: Record<string, unknown>;
}

interface Source {
  location: string;
  document: DocumentNode;
}

const root = path.resolve(import.meta.dirname, '..');
process.chdir(root);
const settings: Settings = parseYaml(await readFile('codegen.yml', 'utf8'));

const files = globSync(settings.documents).sort();
const sources: Source[] = await Promise.all(
  files.map(async (location) => ({ location, document: parse(await readFile(location, 'utf8')) })),
);
const schema = parse(await readFile(settings.schema, 'utf8'));
const code = await codegen({
  schema,
  documents: sources,
  filename: settings.output,
  config: settings.config,
  plugins: [{ operations: {} }, { documents: {} }],
  pluginMap: { operations: operationPlugin, documents: documentPlugin },
});

/** One document to a line; fragments stand inside of the documents that use them. */
const DOCUMENT = /^export const (\w+?)Document = .* as unknown as DocumentNode<(\w+), (\w+)>;$/gm;
const CONSTANT = /^export const .*\n?/gm;
const NODE =
  "import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';\n";

/** What the server takes by name: each document as it is sent past the cache, and as the cache asks it. */
const persisted: Record<string, string> = {};
const nameOf = (document: DocumentNode): string => {
  const text = print(document);
  const name = hash('sha256', text);
  persisted[name] = text;
  return name;
};

/** Gives a document of the page its name, which is that of the form with `__typename`: any client can read it. */
function named(line: string): string {
  const [, before = '', json = '', after = ''] =
    /^(.*? = )(\{.*\})( as unknown as .*)$/.exec(line) ?? [];
  const document: DocumentNode = JSON.parse(json);
  nameOf(document);
  // A copy, because it writes into what it is given.
  const documentId = nameOf(formatDocument(JSON.parse(json)) as DocumentNode);
  return `${before}${JSON.stringify({ ...document, documentId })}${after}`;
}

// A module for the documents of each file, so that a page loads its own alone; the first one only passes them on.
const folder = settings.output.replace(/\.ts$/, '');
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const names: string[] = [];
for (const { location, document } of sources) {
  const lines = [...code.matchAll(DOCUMENT)].filter(([, name]) => isIn(document, name));
  if (lines.length === 0) continue;
  const name = `${path.basename(path.dirname(location))}-${path.basename(location, '.graphql')}.ts`;
  const types = lines.flatMap(([, , result, variables]) => [result, variables]).join(', ');
  const text = lines.map(([line]) => named(line)).join('\n');
  await writeFile(
    path.join(folder, name),
    `${NODE}import type { ${types} } from './types.ts';\n${text}\n`,
  );
  names.push(name);
}
// Before a page knows its reader, it sends a whole file and says which operation of it is meant.
for (const { document } of sources)
  if (validate(buildASTSchema(schema), document).length === 0) nameOf(document);
await writeFile(path.join(folder, 'persisted-documents.json'), JSON.stringify(persisted));
await writeFile(path.join(folder, 'types.ts'), code.replace(CONSTANT, '').replace(NODE, ''));
const passedOn = names.map((name) => `export * from './${path.basename(folder)}/${name}';\n`);
await writeFile(
  settings.output,
  `export type * from './${path.basename(folder)}/types.ts';\n${passedOn.join('')}`,
);

function isIn({ definitions }: DocumentNode, name: string | undefined): boolean {
  return definitions.some(
    (each) => each.kind === 'OperationDefinition' && each.name?.value === name,
  );
}
