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
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { startApp, type TestApp } from '../../support/app.ts';

/** What a field may answer whom; a new field is in none of these lists until somebody decides. */
const FOR_VISITORS = ['site'];
const FOR_ADMINISTRATORS = [
  ...['auditEntries', 'checkConfig', 'configBackup', 'configFile', 'configStatus'],
  ...['endpointMetadata', 'endpoints', 'explainAccess', 'explainClaims', 'group', 'groups'],
  ...['people', 'person', 'previewMembersImport', 'status'],
  ...['addGroupMember', 'confirmAccountDeletion', 'createGroup', 'createProject'],
  ...['declineAccountDeletion', 'deleteGroup', 'disableAccount', 'enableAccount', 'grantCoins'],
  ...['importGroupMembers', 'removeGroupMember', 'resetPool', 'restoreConfigBackup'],
  ...['restoreEndpoint', 'saveConfig', 'setAccountLimit', 'updateGroup', 'withdrawEndpoint'],
];

const NOBODYS_ID = '018f0000-0000-7000-8000-000000000000';
const SAMPLES: Readonly<Record<string, unknown>> = { Int: 1, Float: 1, Boolean: true };

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

interface Operation {
  readonly name: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

function operation(kind: string, { name, args, type }: GraphQLField<unknown, unknown>): Operation {
  const asked = args.filter((arg) => arg.name === 'id' || isRequiredArgument(arg));
  const listed = (each: (name: string, type: string) => string) =>
    asked.length > 0 ? `(${asked.map((arg) => each(arg.name, String(arg.type))).join(', ')})` : '';
  const head = `${kind}${listed((arg, type) => `$${arg}: ${type}`)}`;
  const call = `${name}${listed((arg) => `${arg}: $${arg}`)}`;
  const fields = isLeafType(getNamedType(type)) ? '' : '{ __typename }';
  const variables = Object.fromEntries(asked.map((arg) => [arg.name, sample(arg.type)]));
  return { name, query: `${head} { ${call} ${fields} }`, variables };
}

let app: TestApp;
let operations: readonly Operation[];
beforeAll(async () => {
  app = await startApp();
  const schema = buildSchema(await readFile('schema.graphql', 'utf8'));
  const ofRoot = (kind: string, root: GraphQLObjectType | null | undefined) =>
    Object.values(root?.getFields() ?? {}).map((field) => operation(kind, field));
  operations = [
    ...ofRoot('query', schema.getQueryType()),
    ...ofRoot('mutation', schema.getMutationType()),
  ];
});
afterAll(() => app.close());

/** The names of the fields that this person is refused with the code. */
async function refused(code: string, person: Pick<Person, 'headers'>): Promise<string[]> {
  const names: string[] = [];
  for (const { name, ...asked } of operations) {
    const response = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...person.headers },
      body: JSON.stringify(asked),
    });
    const { errors } = (await response.json()) as {
      readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
    };
    if (errors?.[0]?.extensions.code === code) names.push(name);
  }
  return names.sort();
}

test('R35 whatever the schema has is refused to visitors before anything else, but for what is theirs', async () => {
  const names = operations.map(({ name }) => name).filter((name) => !FOR_VISITORS.includes(name));
  expect(names.length).toBeGreaterThan(50);
  expect(await refused('UNAUTHENTICATED', { headers: {} })).toEqual(names.sort());
});

test('R35 what is for administrators is refused to everybody else, and nothing but that', async () => {
  const plain = await app.person('plain@example.org');
  expect(await refused('FORBIDDEN', plain)).toEqual(FOR_ADMINISTRATORS.sort());
});
