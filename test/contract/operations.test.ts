// The operations that we ship: of the page, and of GraphiQL's tabs.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { examples } from '../../client/graphiql/examples.ts';
import { normalForm } from '../../server/config/normal-form.ts';
import { configSchema } from '../../server/config/schema.ts';
import { documentProblems } from '../../server/graphql/document-problems.ts';
import { buildApiSchema } from '../../server/graphql/schema.ts';
import { TrustedDocuments } from '../../server/graphql/trusted-documents.ts';

const root = join(import.meta.dirname, '../..');
const api = { schema: buildApiSchema(), trusted: new TrustedDocuments({}) };
const standard = { ...normalForm(configSchema.parse({})), generation: 1, file: null };
const { graphql } = standard;

/** Half of what is allowed, so that a page can grow before it meets a limit. */
const config = {
  ...standard,
  graphql: {
    ...graphql,
    depthMax: graphql.depthMax / 2,
    aliasesMax: graphql.aliasesMax / 2,
    directivesMax: graphql.directivesMax / 2,
    costMax: graphql.costMax / 2,
  },
};

/** What pages ask in variables: never more than the largest page that there is. */
const variables = { first: 200 };

const problems = (text: string): readonly string[] =>
  documentProblems(api, { actor: null, config }, parse(text, { maxTokens: 500 }), {
    variables,
  }).map(({ message }) => message);

/** As `npm run codegen` wrote them, which `npm run check` and every build begin with. */
const operations: Readonly<Record<string, string>> = JSON.parse(
  await readFile(join(root, 'client/src/lib/graphql/generated/persisted-documents.json'), 'utf8'),
);

test('the operations of the page are valid, and use half of each limit at most', () => {
  expect(Object.keys(operations).length).toBeGreaterThan(100);
  for (const text of Object.values(operations)) expect(problems(text), text).toEqual([]);
});

test('the operations in the tabs of GraphiQL are valid', () => {
  for (const { query } of examples) expect(problems(query), query).toEqual([]);
});

test('the operations of docs/graphql.md are far below the limits', async () => {
  const page = await readFile(join(root, 'docs/graphql.md'), 'utf8');
  const texts = [...page.matchAll(/^```graphql\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);
  expect(texts.length).toBeGreaterThan(8);
  for (const text of texts) expect(problems(text), text).toEqual([]);
});
