/** Writes schema.graphql; with --check only compares it, and fails when it is not what the server emits. */
import { readFile, writeFile } from 'node:fs/promises';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { buildApiSchema } from '../server/graphql/schema.ts';

const FILE = new URL('../schema.graphql', import.meta.url);
const emitted = `# Emitted by \`npm run schema\` from server/**/*.type.ts and *.resolver.ts. Do not edit by hand.\n\n${printSchema(lexicographicSortSchema(buildApiSchema()))}\n`;

if (!process.argv.includes('--check')) {
  await writeFile(FILE, emitted);
} else if ((await readFile(FILE, 'utf8')) !== emitted) {
  console.error(
    'schema.graphql is not what the server emits: run `npm run schema` and commit the change.',
  );
  process.exitCode = 1;
}
