import { afterAll, expect, test } from 'vitest';
import { MESSAGE_STREAM, Person } from '../../support/actors.ts';
import { startApp } from '../../support/app.ts';

const app = await startApp();
afterAll(app.close);

const SEND =
  'mutation ($conversationId: ID, $parentId: ID) { sendMessage(input: { model: "fake", content: "Hi", conversationId: $conversationId, parentId: $parentId }) { conversation { id } } }';

/** Every operation that takes an id, with the kind of thing whose id it is. */
const OPERATIONS = {
  'reading a conversation': ['conversation', 'query ($id: ID!) { conversation(id: $id) { id } }'],
  'renaming a conversation': [
    'conversation',
    'mutation ($id: ID!) { renameConversation(id: $id, title: "Mine") { id } }',
  ],
  'deleting a conversation': [
    'conversation',
    'mutation ($id: ID!) { deleteConversation(id: $id) }',
  ],
  'reading a message': ['message', 'query ($id: ID!) { message(id: $id) { id content } }'],
  'stopping a message': ['message', 'mutation ($id: ID!) { stopMessage(id: $id) { id } }'],
  'revoking a key': ['key', 'mutation ($id: ID!) { revokeApiKey(id: $id) { id } }'],
} as const;

const MALFORMED = [
  '',
  ' ',
  '0',
  'null',
  '-1',
  '\u0000',
  '\ud800',
  "' or '1'='1",
  '../../etc/passwd',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '{00000000-0000-4000-8000-000000000000}',
  '000000000000400080000000000000000000',
  'x'.repeat(100_000),
];
/** A visitor without any credentials. */
const nobody = new Person(app.url, '', {});
const UNKNOWN = '01a20362-ee1f-7676-81a0-a69db9db4444';

/** Things of each kind that somebody owns, with a running answer. */
async function things(person: Person) {
  const { id: message, conversationId: conversation, request } = await app.turn(person);
  const { createApiKey } = await person.asks<{ createApiKey: { apiKey: { id: string } } }>(
    'mutation { createApiKey(name: "mine") { apiKey { id } } }',
  );
  return { message, conversation, key: createApiKey.apiKey.id, request };
}

for (const [name, [kind, operation]] of Object.entries(OPERATIONS)) {
  test(`R36: ${name} that is another's is as ${name} that does not exist`, async () => {
    const [ada, eve] = [await app.person(), await app.person()];
    const hers = await things(ada);

    const foreign = await eve.graphql(operation, { id: hers[kind] });
    const unknown = await eve.graphql(operation, { id: UNKNOWN });

    expect(foreign.errors?.[0]).toMatchObject({ extensions: { code: 'NOT_FOUND' } });
    expect(foreign).toEqual(unknown);
    hers.request.finishes();
    expect(await ada.awaits(hers.message)).toMatchObject({ status: 'FINISHED' });
    const { title } = await ada.conversation(hers.conversation);
    expect(title).toBe('Tell me something');
  });

  test(`${name} by an id that can be none finds nothing`, async () => {
    const ada = await app.person();
    for (const id of MALFORMED)
      expect(await ada.refusal(operation, { id }), id.slice(0, 40)).toBe('NOT_FOUND');
  });

  test(`${name} needs somebody who is signed in`, async () => {
    const ada = await app.person();
    const hers = await things(ada);
    for (const id of [hers[kind], UNKNOWN, 'x'])
      expect(await nobody.refusal(operation, { id })).toBe('UNAUTHENTICATED');
    hers.request.finishes();
    await ada.awaits(hers.message);
  });
}

test('R36: nobody speaks in the conversation of another', async () => {
  const [ada, eve] = [await app.person(), await app.person()];
  const { conversation, userMessage, assistantMessage } = await ada.says('Mine');
  await ada.awaits(assistantMessage.id);
  const own = await eve.says('Hers');

  for (const conversationId of [conversation.id, UNKNOWN, ...MALFORMED])
    expect(await eve.refusal(SEND, { conversationId })).toBe('NOT_FOUND');
  const { id: conversationId } = own.conversation;
  for (const parentId of [userMessage.id, UNKNOWN, ...MALFORMED])
    expect(await eve.refusal(SEND, { conversationId, parentId })).toBe('NOT_FOUND');
  expect((await ada.conversation(conversation.id)).messages).toHaveLength(2);
});

test('R37: an answer is watched by its owner only, from whatever place', async () => {
  const [ada, eve] = [await app.person(), await app.person()];
  const { id, request } = await app.turn(ada);
  request.says('Secret');
  await ada.readsTo(id, 6);

  for (const after of [0, 3, 6, 1_000])
    await expect(eve.reads(id, after)).rejects.toThrow('NOT_FOUND');
  for (const other of [UNKNOWN, ...MALFORMED])
    await expect(eve.reads(other)).rejects.toThrow('NOT_FOUND');
  const visitor = nobody.subscribes(MESSAGE_STREAM, { messageId: id });
  await expect(visitor.next()).rejects.toThrow('UNAUTHENTICATED');

  request.finishes();
  await ada.awaits(id);
  await expect(eve.reads(id)).rejects.toThrow('NOT_FOUND');
});

test('the list and the search show nothing of others', async () => {
  const [ada, eve] = [await app.person(), await app.person()];
  await ada.says('A very private matter');
  const search =
    '{ a: conversations { nodes { id } } b: conversations(search: "private") { nodes { id } } }';

  expect(await eve.asks(search)).toEqual({ a: { nodes: [] }, b: { nodes: [] } });
});
