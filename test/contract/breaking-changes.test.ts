import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildSchema, findBreakingChanges } from 'graphql';
import { expect, test } from 'vitest';
import { buildApiSchema } from '../../server/graphql/schema.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8');

const released = buildSchema(await read('test/contract/schema-baseline.graphql'));
const breaking = findBreakingChanges(released, buildApiSchema()).map(
  ({ description }) => description,
);
const stated = [...(await read('docs/schema-changes.md')).matchAll(/^- `([^`]+)`: \S/gm)].map(
  ([, change = '']) => change,
);

test('what breaks a script that was written for the last release is stated, with what to do', () => {
  expect(
    breaking.filter((change) => !stated.includes(change)),
    'Keep it working, or state it in docs/schema-changes.md as it stands here.',
  ).toEqual([]);
});

test('nothing is stated that breaks nothing', () => {
  expect(stated.filter((change) => !breaking.includes(change))).toEqual([]);
});
