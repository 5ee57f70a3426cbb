import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildSchema, parse } from 'graphql';
import { expect, test } from 'vitest';
import { normalForm } from '../../../server/config/normal-form.ts';
import { configSchema } from '../../../server/config/schema.ts';
import { documentProblems } from '../../../server/graphql/document-problems.ts';
import { DOCUMENT_TOKENS_MAX } from '../../../server/graphql/limits.ts';
import { TrustedDocuments } from '../../../server/graphql/trusted-documents.ts';

const root = join(import.meta.dirname, '../../..');
const schema = buildSchema(await readFile(join(root, 'schema.graphql'), 'utf8'));
const config = { ...normalForm(configSchema.parse({})), generation: 1, file: null };
const api = { schema, trusted: new TrustedDocuments({}) };

const problems = (text: string) =>
  documentProblems(
    api,
    { actor: null, config },
    parse(text, { maxTokens: DOCUMENT_TOKENS_MAX }),
    {},
  );

const repeat = (times: number, part: (at: number) => string): string =>
  Array.from({ length: times }, (_, at) => part(at)).join(' ');

/** The most that the rules of GraphQL can be made to compare within the tokens of a document. */
const WORST: Readonly<Record<string, string>> = {
  'one field again and again': `{ viewer { ${'id '.repeat(990)} } }`,
  'one object again and again': `{ ${'viewer { id } '.repeat(245)} }`,
  'fragments side by side': `{ viewer { ${repeat(100, (at) => `...F${at}`)} } } ${repeat(100, (at) => `fragment F${at} on Viewer { id }`)}`,
  'fragments within fragments': `{ viewer { ...F0 } } ${repeat(70, (at) => `fragment F${at} on Viewer { id ...F${at + 1} ...F${at + 1} }`)} fragment F70 on Viewer { id }`,
  'fields that there are not': `{ viewer { ${repeat(980, (at) => `conversation${at}`)} } }`,
  'inline fragments within each other': `{ viewer { ${'... { '.repeat(320)} id ${'} '.repeat(320)} } }`,
  'variables that nobody uses': `query (${repeat(230, (at) => `$v${at}: Int`)}) { viewer { id } }`,
};

test.each(Object.entries(WORST))('%s costs less than 100 ms', (_name, text) => {
  const milliseconds = [1, 2, 3].map(() => {
    const { user, system } = process.cpuUsage();
    problems(text);
    const after = process.cpuUsage();
    return (after.user + after.system - user - system) / 1000;
  });
  // The processor is shared with other tests: the quickest of three runs is what it costs.
  expect(Math.min(...milliseconds)).toBeLessThan(100);
});

const firstReason = (text: string): unknown => {
  const [problem] = problems(text);
  return (problem?.originalError as { details?: { reason?: string } } | undefined)?.details?.reason;
};

test('the default of a page size counts as if it were written', () => {
  const pages = (size: string, times: number) =>
    `{ ${repeat(times, (at) => `a${at}: conversations${size} { nodes { id title model messages { id content status } } }`)} }`;
  expect(firstReason(pages('', 30))).toBe(firstReason(pages('(first: 50)', 30)));
  expect(firstReason(pages('(first: 1)', 30))).toBeUndefined();
  expect(firstReason(pages('(first: 200)', 20))).toBe('cost_limit');
});

test('depth is counted through fragments, and aliases and directives as often as they are spread', () => {
  const deep = `{ conversations(first: 1) { nodes { ...A } } } fragment A on Conversation { messages { ${'conversation { messages { '.repeat(6)} id ${'} } '.repeat(6)} } }`;
  expect(firstReason(deep)).toBe('depth_limit');
  const spread = (part: string) =>
    `{ viewer { ${'...F '.repeat(6)} } } fragment F on Viewer { ${part} }`;
  expect(firstReason(spread(repeat(6, (at) => `a${at}: id`)))).toBe('alias_limit');
  expect(
    firstReason(
      spread(
        'id @skip(if: false) name @skip(if: false) email @skip(if: false) kind: id @skip(if: false)',
      ),
    ),
  ).toBe('directive_limit');
});
