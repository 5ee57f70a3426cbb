import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { expect, test } from 'vitest';
import { buildApiSchema } from '../../server/graphql/schema.ts';
import { FAILURES } from '../../server/kernel/failure.ts';

const root = join(import.meta.dirname, '../..');
const schema = buildApiSchema();
const ROOTS = new Set(['Query', 'Mutation', 'Subscription']);

interface Described {
  readonly description?: string | null | undefined;
}

interface Part extends Described {
  readonly path: string;
}

const part = (path: string, { description }: Described): Part => ({ path, description });

/** What in a type a client can name. */
function fieldsOf(type: GraphQLNamedType): readonly Part[] {
  if (isInputObjectType(type)) {
    return Object.values(type.getFields()).map((field) =>
      part(`${type.name}.${field.name}`, field),
    );
  }
  if (!isObjectType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) => {
    const path = `${type.name}.${field.name}`;
    return [part(path, field), ...field.args.map((arg) => part(`${path}(${arg.name})`, arg))];
  });
}

const valuesOf = (type: GraphQLNamedType): readonly Part[] =>
  isEnumType(type)
    ? type.getValues().map((value) => part(`${type.name}.${value.name}`, value))
    : [];

const partsOf = (type: GraphQLNamedType): readonly Part[] =>
  ROOTS.has(type.name) ? fieldsOf(type) : [part(type.name, type), ...fieldsOf(type)];

const types = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type));

test('schema.graphql is what the server emits', async () => {
  const [, emitted] = (await readFile(join(root, 'schema.graphql'), 'utf8')).split(/^# .*\n\n/);
  expect(emitted, 'run: npm run schema').toBe(`${printSchema(lexicographicSortSchema(schema))}\n`);
});

test('every type, field, argument and value of the API says what it is, in a sentence', () => {
  const parts = types.flatMap((type) => [...partsOf(type), ...valuesOf(type)]);
  expect(parts.length).toBeGreaterThan(100);
  expect(parts.filter(({ description }) => !/\S\.$/.test(description ?? ''))).toEqual([]);
});

test('the failure codes of the API are those of the table', () => {
  const codes = schema.getType('FailureCode');
  if (!isEnumType(codes)) throw new Error('FailureCode is an enum');
  expect(
    codes
      .getValues()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(Object.keys(FAILURES).sort());
});

test('nothing in the API is named after how it is stored', () => {
  const names = types.flatMap(partsOf).map(({ path }) => path);
  // Whoever looks after the processes has to know them.
  const others = names.filter((name) => !/^(ReplicaStatus|Status\.replicas)/.test(name));
  expect(others.filter((name) => /hash|digest|replica|[a-z]_[a-z]/i.test(name))).toEqual([]);
});
