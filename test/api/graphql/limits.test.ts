// What asks too much is refused, by every way in which an operation can come.
import { createClient } from 'graphql-sse';
import { afterAll, expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { startApp } from '../../support/app.ts';

const app = await startApp();
afterAll(app.close);
const ada = await app.person();

interface Refusal {
  readonly message: string;
  readonly extensions: { readonly code: string; readonly reason?: string; readonly limit?: number };
}
type Result = { readonly data?: unknown; readonly errors?: readonly Refusal[] };
type Door = (person: Person, query: string, variables?: object) => Promise<readonly Refusal[]>;

const doors: Readonly<Record<string, Door>> = {
  http: async (person, query, variables) =>
    ((await person.graphql(query, variables)).errors ?? []) as readonly Refusal[],
  socket: async (person, query, variables = {}) => {
    const socket = person.socket();
    try {
      for await (const result of socket.iterate({ query, variables: { ...variables } }))
        return ((result as Result).errors ?? []) as readonly Refusal[];
      return [];
    } catch (errors) {
      return errors as readonly Refusal[];
    } finally {
      await socket.dispose();
    }
  },
  events: async (person, query, variables = {}) => {
    const client = createClient({ url: `${person.url}/graphql/stream`, headers: person.headers });
    const events = client.iterate({ query, variables: { ...variables } });
    const { value } = await events.next();
    client.dispose();
    return ((value as Result | undefined)?.errors ?? []) as readonly Refusal[];
  },
};
const eachDoor = Object.entries(doors);

const repeat = (times: number, part: (at: number) => string): string =>
  Array.from({ length: times }, (_, at) => part(at)).join(' ');

const DEEP = `{ conversations { nodes ${'{ messages { conversation '.repeat(8)}{ id }${' } }'.repeat(8)} } }`;
const DOUBLING = `{ viewer { ...F0 } } ${repeat(50, (at) => `fragment F${at} on Viewer { ...F${at + 1} ...F${at + 1} }`)} fragment F50 on Viewer { id }`;
const PAGES = 'conversations(first: 200) { nodes { id title messages { id content } } }';
const BIG_PAGE =
  '($first: Int!) { viewer { id } a: search(text: "a", first: $first) { nodes { messageId snippet { text isMatch } conversation { id } } }';

const HOSTILE: Readonly<Record<string, readonly [reason: string | undefined, query: string]>> = {
  'levels without end': ['depth_limit', DEEP],
  'one field under many names': [
    'alias_limit',
    `{ ${repeat(31, (at) => `a${at}: viewer { id }`)} }`,
  ],
  'directives without end': [
    'directive_limit',
    `{ viewer { id ${'@include(if: true) '.repeat(21)} } }`,
  ],
  'fragments that double each other': ['cost_limit', DOUBLING],
  'large pages side by side': ['cost_limit', `{ ${repeat(30, (at) => `a${at}: ${PAGES}`)} }`],
  'more words than a document has': ['token_limit', `{ viewer { ${'id '.repeat(2_000)} } }`],
  'brackets that are never closed': ['token_limit', `{ conversation(id: ${'['.repeat(1_990)}`],
  'a document of megabytes': ['token_limit', `{ viewer { ${'id '.repeat(1_200_000)} } }`],
  'fragments that use each other': [
    undefined,
    '{ viewer { ...A } } fragment A on Viewer { ...B } fragment B on Viewer { ...A }',
  ],
};

for (const [door, ask] of eachDoor)
  test.each(Object.entries(HOSTILE))(`by ${door}: %s`, async (_name, [reason, query]) => {
    const [error] = await ask(ada, query);
    expect(error?.extensions).toMatchObject({ code: 'INVALID', ...(reason ? { reason } : {}) });
    expect(error?.message).toMatch(reason ? /(up to|at most) \d+|\d+/ : /Cannot spread/);
  });

test.each(eachDoor)('by %s a page size in a variable costs what it says', async (_door, ask) => {
  const query = `query ${BIG_PAGE} ${repeat(25, (at) => `b${at}: search(text: "a", first: $first) { nodes { messageId snippet { text isMatch } conversation { id } } }`)} }`;
  expect((await ask(ada, query, { first: 200 }))[0]?.extensions.reason).toBe('cost_limit');
  expect(await ask(ada, query, { first: 2 })).toEqual([]);
});

test('limits are those of the configuration, a moment after it is saved', async () => {
  const own = await startApp({ config: { graphql: { max_depth: 1 } } });
  try {
    const bob = await own.person();
    const { errors } = await bob.graphql('{ viewer { id } }');
    expect(errors).toMatchObject([{ extensions: { reason: 'depth_limit', limit: 1 } }]);
    await own.saves({ graphql: { max_depth: 2 } });
    await expect.poll(async () => (await bob.graphql('{ viewer { id } }')).data).not.toBeNull();
  } finally {
    await own.close();
  }
});

test('several operations in one request are refused, and one of several is run by its name', async () => {
  const batch = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...ada.headers },
    body: JSON.stringify([{ query: '{ viewer { id } }' }, { query: '{ viewer { id } }' }]),
  });
  expect(batch.status).toBe(400);
});

const SCHEMA = '{ __schema { types { name } } }';

test.each(eachDoor)('by %s only administrators read the schema', async (_door, ask) => {
  const admin = await app.person('dev@example.com');
  for (const query of [SCHEMA, '{ __type(name: "Viewer") { name } }']) {
    expect((await ask(ada, query))[0]?.extensions).toMatchObject({
      code: 'FORBIDDEN',
      reason: 'introspection_off',
    });
    expect(await ask(admin, query)).toEqual([]);
    expect(await ask(await admin.withKey(), query)).toEqual([]);
  }
  // The answer of one must not be that of another, whoever asks first.
  expect((await ask(ada, SCHEMA))[0]?.extensions.reason).toBe('introspection_off');
});

test('graphql.introspection opens the schema to everyone, or to nobody', async () => {
  const own = await startApp({ config: { graphql: { introspection: 'everyone' } } });
  try {
    const [bob, admin] = [await own.person(), await own.person('dev@example.com')];
    expect(await bob.refusal(SCHEMA)).toBeUndefined();
    await own.saves({ graphql: { introspection: 'nobody' } });
    await expect.poll(() => admin.refusal(SCHEMA)).toBe('FORBIDDEN');
  } finally {
    await own.close();
  }
});

test.each(eachDoor)('by %s no name of the schema is suggested', async (_door, ask) => {
  const misspelt: readonly [string, object?][] = [
    ['{ viewr { id } }'],
    ['{ viewer { emial } }'],
    ['{ conversatons { nodes { id } } }'],
    ['{ usage(filter: { period: WEEKK }) { unit } }'],
    ['query ($filter: UsageFilter) { usage(filter: $filter) { unit } }', { filter: { perid: 1 } }],
    [
      'query ($filter: UsageFilter) { usage(filter: $filter) { unit } }',
      { filter: { period: 'WEAK' } },
    ],
  ];
  for (const [query, variables] of misspelt) {
    const [error] = await ask(ada, query, variables);
    expect(error?.extensions.code, query).toBe('INVALID');
    expect(error?.message).not.toContain('Did you mean');
  }
});
