import { afterAll, expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { startApp, testApp } from '../../support/app.ts';

const app = await startApp();
afterAll(app.close);

interface Page {
  readonly nodes: readonly { readonly id: string; readonly title: string }[];
  readonly next: string | null;
}

const LIST = `query ($first: Int! = 50, $after: String, $search: String) {
  conversations(first: $first, after: $after, search: $search) { nodes { id title } next }
}`;
const RENAME =
  'mutation ($id: ID!, $title: String!) { renameConversation(id: $id, title: $title) { title } }';
const DELETE = 'mutation ($id: ID!) { deleteConversation(id: $id) }';

const list = async (person: Person, variables: object = {}): Promise<Page> =>
  (await person.asks<{ conversations: Page }>(LIST, variables)).conversations;

const titles = async (person: Person, search: string): Promise<string[]> =>
  (await list(person, { search })).nodes.map(({ title }) => title);

/** Says each of the texts in a conversation of its own, and waits for the answers. */
async function begins(person: Person, ...texts: string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const text of texts) {
    const { conversation, assistantMessage } = await person.says(text);
    await person.awaits(assistantMessage.id);
    ids.push(conversation.id);
  }
  return ids;
}

test('the list gives each of many conversations once, whatever the size of a page', async () => {
  const ada = await app.person();
  const [first = ''] = await begins(ada, 'The first');
  // Many share a moment: the cursor must tell them apart all the same.
  await app.rows(
    `INSERT INTO conversation (id, owner_id, title, model, updated_at)
     SELECT gen_random_uuid(), owner_id, 'Copy ' || n, model, updated_at - make_interval(secs => n / 10)
     FROM conversation, generate_series(1, 119) n WHERE id = $1`,
    first,
  );
  const all = (await list(ada, { first: 200 })).nodes.map(({ id }) => id);
  expect(new Set(all).size).toBe(120);

  for (const size of [1, 7, 60, 119, 120, 121, 200]) {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: Page = await list(ada, { first: size, after });
      expect(page.nodes.length).toBeLessThanOrEqual(size);
      seen.push(...page.nodes.map(({ id }) => id));
      after = page.next;
    } while (after !== null);
    expect(seen).toEqual(all);
  }
});

test('the conversation that was asked something last comes first', async () => {
  const ada = await app.person();
  const [one, two, three] = await begins(ada, 'One', 'Two', 'Three');
  expect((await list(ada)).nodes.map(({ id }) => id)).toEqual([three, two, one]);

  await ada.awaits((await ada.says('Again', { conversationId: one ?? '' })).assistantMessage.id);

  expect((await list(ada)).nodes.map(({ id }) => id)).toEqual([one, three, two]);
});

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const CURSORS = {
  empty: '',
  'no cursor': 'abc',
  'of another list': encoded(['x']),
  'without a time': encoded(['then', '01a20362-ee1f-7676-81a0-a69db9db4444']),
  'without an id': encoded(['2026-01-01T00:00:00.000Z', "' or 1=1"]),
  'beyond all time': encoded([
    '+275760-09-13T00:00:00.000Z',
    '01a20362-ee1f-7676-81a0-a69db9db4444',
  ]),
  'of other types': encoded([1, null]),
};

for (const [name, after] of Object.entries(CURSORS)) {
  test(`a cursor ${name} is refused`, async () => {
    const ada = await app.person();
    expect(await ada.refusal(LIST, { after })).toBe('INVALID');
  });
}

test('a page has from 1 to 200 conversations', async () => {
  const ada = await app.person();
  for (const first of [0, -1, 201, 2 ** 31 - 1])
    expect(await ada.refusal(LIST, { first })).toBe('INVALID');
  expect(await ada.refusal(LIST, { first: 1.5 })).toBe('INVALID');
});

test('search finds words in titles, whatever they are made of', async () => {
  const ada = await app.person();
  await begins(ada, '100% sure', '100 sure', 'snake_case', 'snakeXcase', 'C:\\temp', "O'Neill");

  expect(await titles(ada, '100%')).toEqual(['100% sure']);
  expect(await titles(ada, 'snake_case')).toEqual(['snake_case']);
  expect(await titles(ada, 'c:\\')).toEqual(['C:\\temp']);
  expect(await titles(ada, "o'neill")).toEqual(["O'Neill"]);
  expect(await titles(ada, 'SURE 100')).toEqual(['100 sure', '100% sure']);
  expect(await titles(ada, '%')).toEqual(['100% sure']);
  expect(await titles(ada, '  ')).toHaveLength(6);
});

test('R51: no search breaks, however odd', async () => {
  const ada = await app.person();
  await begins(ada, 'Something');
  const odd = [
    '\u0000',
    '\ud800',
    '%'.repeat(10_000),
    '(a+)+$',
    '\\',
    '\u0000 some',
    'ÿ '.repeat(999),
  ];
  for (const search of odd)
    expect(await ada.refusal(LIST, { search }), JSON.stringify(search.slice(0, 9))).toBeUndefined();
});

test('a title is renamed to one line', async () => {
  const ada = await app.person();
  const [id] = await begins(ada, 'Before');
  const renamed = async (title: string) =>
    (await ada.asks<{ renameConversation: { title: string } }>(RENAME, { id, title }))
      .renameConversation.title;

  expect(await renamed('  After \r\n\t noon ')).toBe('After noon');
  expect(await renamed('a\u0000b\u001b[31mc\u0085d')).toBe('a b [31mc d');
  expect(await renamed('漢字 👩‍🔬')).toBe('漢字 👩‍🔬');
  expect(await renamed('half \ud83d')).toBe('half \ufffd');
  expect((await list(ada)).nodes[0]?.title).toBe('half \ufffd');
});

test('a title that is empty or too long is refused', async () => {
  const ada = await app.person();
  const [id] = await begins(ada, 'Before');

  for (const title of ['', '   ', '\n\u0000\t'])
    expect(await ada.refusal(RENAME, { id, title })).toBe('INVALID');
  expect(await ada.refusal(RENAME, { id, title: 'x'.repeat(10_000) })).toBe('TOO_LARGE');
  expect((await list(ada)).nodes[0]?.title).toBe('Before');
});

for (const remove of ['hide', 'delete'] as const) {
  test(`a deleted conversation is nowhere to be found when it is to ${remove}`, async () => {
    const own = await testApp({ config: { chat: { remove } } });
    const ada = await own.person();
    const [id = '', other] = await begins(ada, 'Gone soon', 'Stays');
    const { messages } = await ada.conversation(id);
    const [question = { id: '' }, answer = { id: '' }] = messages;
    const { id: running, request } = await own.turn(ada);

    expect(await ada.asks(DELETE, { id })).toEqual({ deleteConversation: id });

    expect((await list(ada)).nodes.map((node) => node.id)).toContain(other);
    expect((await list(ada)).nodes.map((node) => node.id)).not.toContain(id);
    expect(await titles(ada, 'gone')).toEqual([]);
    const one = 'query ($id: ID!) { conversation(id: $id) { id } }';
    expect(await ada.refusal(one, { id })).toBe('NOT_FOUND');
    expect(await ada.refusal(RENAME, { id, title: 'Back' })).toBe('NOT_FOUND');
    expect(await ada.refusal(DELETE, { id })).toBe('NOT_FOUND');
    const stop = 'mutation ($id: ID!) { stopMessage(id: $id) { id } }';
    expect(await ada.refusal(stop, { id: answer.id })).toBe('NOT_FOUND');
    await expect(ada.reads(question.id)).rejects.toThrow('NOT_FOUND');
    await expect(ada.says('Hello?', { conversationId: id })).rejects.toThrow('NOT_FOUND');
    const GOES = 'SELECT purge_at IS NOT NULL AS goes FROM conversation WHERE id = $1';
    expect(await own.rows(GOES, id)).toEqual([{ goes: remove === 'delete' }]);
    // What is answered elsewhere goes on.
    request.finishes();
    expect(await ada.awaits(running)).toMatchObject({ status: 'FINISHED' });
  });
}

test('a deleted answer is paid for all the same', async () => {
  const own = await testApp({ config: { chat: { remove: 'delete' } } });
  const ada = await own.person();
  const { id, conversationId, request } = await own.turn(ada);
  request.says('Some text that was written');
  await ada.readsTo(id, 20);

  await ada.asks(DELETE, { id: conversationId });
  await request.closedByClient;

  const settled = async () => {
    const [row] = await own.rows('SELECT cost, outcome FROM request_log WHERE id = $1', id);
    return row;
  };
  await expect.poll(settled).toMatchObject({ outcome: 'stopped' });
  expect(await ada.pool()).toMatchObject({ held: 0 });
  expect((await ada.pool()).left).toBeLessThan(10);
});

test('messages of very many long conversations can’t be had at once, those of one can', async () => {
  const ada = await app.person();
  const ids = await begins(ada, 'Long', 'Short');
  await app.rows(
    `insert into message (id, conversation_id, role, status, content)
      select gen_random_uuid(), $1, 'user', 'finished', 'More' from generate_series(1, 10000)`,
    ids[0],
  );
  const all = await ada.graphql('{ conversations(first: 5) { nodes { messages { id } } } }');
  expect(all.errors?.[0]?.extensions).toMatchObject({ code: 'TOO_LARGE' });
  const one = 'query ($id: ID!) { conversation(id: $id) { messages { id } } }';
  expect(await ada.asks(one, { id: ids[0] })).toMatchObject({
    conversation: { messages: expect.objectContaining({ length: 10_002 }) },
  });
});
