// What can be asked of the schema, and where ids can be put into it: read from schema.graphql, so that nothing is forgotten.
import { readFile } from 'node:fs/promises';
import {
  buildSchema,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import type { Person } from '../../support/actors.ts';

export const NOBODYS_ID = '018f0000-0000-7000-8000-000000000000';
const SAMPLES: Readonly<Record<string, unknown>> = { Int: 1, Float: 1, Boolean: true };

type RootField = GraphQLField<unknown, unknown>;

export interface Operation {
  readonly name: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** An argument, or a field of one, that takes an id. */
export interface IdPlace {
  /** As in `grantCoins account.id`. */
  readonly name: string;
  asked(id: string, more: Readonly<Record<string, unknown>>): Operation;
}

/** Every query and mutation, with the least that it takes. */
export async function rootOperations(): Promise<readonly Operation[]> {
  return (await rootFields()).map(([kind, field]) => operation(kind, field, ['id']));
}

/** Every place of a query or mutation where an id can be put. */
export async function idPlaces(): Promise<readonly IdPlace[]> {
  return (await rootFields()).flatMap(([kind, field]) =>
    field.args
      .flatMap((arg) => pathsOfIds([arg.name], arg.type))
      .map((path) => ({
        name: `${field.name} ${path.join('.')}`,
        asked: (id, more) => {
          const asked = operation(kind, field, [...Object.keys(more), path[0] ?? '']);
          const variables = merged(merged(asked.variables, more), nested(path, id));
          return { ...asked, variables };
        },
      })),
  );
}

/** What the server says to it, as it came. */
export async function answer(
  person: Pick<Person, 'url' | 'headers'>,
  { query, variables }: Operation,
): Promise<{ readonly errors?: readonly { readonly extensions: Record<string, string> }[] }> {
  const response = await fetch(`${person.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...person.headers },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Awaited<ReturnType<typeof answer>>;
}

async function rootFields(): Promise<readonly (readonly [string, RootField])[]> {
  const schema = buildSchema(await readFile('schema.graphql', 'utf8'));
  const ofRoot = (kind: string, root: GraphQLObjectType | null | undefined) =>
    Object.values(root?.getFields() ?? {}).map((field) => [kind, field] as const);
  return [
    ...ofRoot('query', schema.getQueryType()),
    ...ofRoot('mutation', schema.getMutationType()),
  ];
}

/** The least that the type takes, with the id of nothing. */
function sample(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return sample(type.ofType);
  if (isListType(type)) return [sample(type.ofType)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    const needed = fields.filter((field) => field.name === 'id' || isRequiredInputField(field));
    return Object.fromEntries(needed.map((field) => [field.name, sample(field.type)]));
  }
  return SAMPLES[type.name] ?? (type.name === 'ID' ? NOBODYS_ID : '1');
}

function operation(
  kind: string,
  { name, args, type }: RootField,
  named: readonly string[],
): Operation {
  const asked = args.filter((arg) => named.includes(arg.name) || isRequiredArgument(arg));
  const listed = (each: (name: string, type: string) => string) =>
    asked.length > 0 ? `(${asked.map((arg) => each(arg.name, String(arg.type))).join(', ')})` : '';
  const head = `${kind}${listed((arg, type) => `$${arg}: ${type}`)}`;
  const call = `${name}${listed((arg) => `${arg}: $${arg}`)}`;
  const fields = isLeafType(getNamedType(type)) ? '' : '{ __typename }';
  const variables = Object.fromEntries(asked.map((arg) => [arg.name, sample(arg.type)]));
  return { name, query: `${head} { ${call} ${fields} }`, variables };
}

function pathsOfIds(path: readonly string[], type: GraphQLInputType): readonly string[][] {
  const named = getNamedType(type);
  if (named.name === 'ID') return [[...path]];
  if (!isInputObjectType(named)) return [];
  return Object.values(named.getFields()).flatMap((field) =>
    pathsOfIds([...path, field.name], field.type),
  );
}

type Variables = Readonly<Record<string, unknown>>;

const nested = (path: readonly string[], id: string): Variables =>
  path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), id) as Variables;

const isRecord = (value: unknown): value is Variables =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const merged = (a: Variables, b: Variables): Variables => ({
  ...a,
  ...Object.fromEntries(
    Object.entries(b).map(([name, value]) => {
      const old = a[name];
      return [name, isRecord(old) && isRecord(value) ? merged(old, value) : value];
    }),
  ),
});
