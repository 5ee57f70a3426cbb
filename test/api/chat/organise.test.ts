import { afterAll, expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { startApp, testApp } from '../../support/app.ts';

const app = await startApp();
afterAll(app.close);

const LIST = `query ($filter: ConversationFilter! = {}) {
  conversations(filter: $filter) { nodes { id title isPinned folderId deletedAt goneAt } }
}`;
const PIN =
  'mutation ($id: ID!, $isPinned: Boolean!) { pinConversation(id: $id, isPinned: $isPinned) { isPinned } }';
const DELETE = 'mutation ($id: ID!) { deleteConversation(id: $id) }';
const RESTORE = 'mutation ($id: ID!) { restoreConversation(id: $id) { id deletedAt } }';
const PURGE = 'mutation ($id: ID!) { purgeConversation(id: $id) }';
const CREATE = 'mutation ($name: String!) { createFolder(name: $name) { id name } }';
const RENAME =
  'mutation ($id: ID!, $name: String!) { renameFolder(id: $id, name: $name) { name } }';
const REMOVE = 'mutation ($id: ID!) { deleteFolder(id: $id) }';
const MOVE =
  'mutation ($id: ID!, $folderId: ID) { moveConversation(id: $id, folderId: $folderId) { folderId } }';
const FOLDERS = '{ folders { id name } }';

interface Listed {
  readonly id: string;
  readonly folderId: string | null;
  readonly deletedAt: string | null;
  readonly goneAt: string | null;
}

const list = async (person: Person, filter: object = {}): Promise<readonly Listed[]> =>
  (await person.asks<{ conversations: { nodes: Listed[] } }>(LIST, { filter })).conversations.nodes;
const ids = async (person: Person, filter: object = {}) =>
  (await list(person, filter)).map(({ id }) => id);

async function begins(person: Person, text: string): Promise<string> {
  const { conversation, assistantMessage } = await person.says(text);
  await person.awaits(assistantMessage.id);
  return conversation.id;
}

const folder = async (person: Person, name: string): Promise<string> =>
  (await person.asks<{ createFolder: { id: string } }>(CREATE, { name })).createFolder.id;

test('pinned conversations can be told from the others, without changing their order', async () => {
  const ada = await app.person();
  const [one, two] = [await begins(ada, 'One'), await begins(ada, 'Two')];
  await ada.asks(PIN, { id: one, isPinned: true });
  expect(await ids(ada, { isPinned: true })).toEqual([one]);
  expect(await ids(ada, { isPinned: false })).toEqual([two]);
  expect(await ids(ada)).toEqual([two, one]);
  await ada.asks(PIN, { id: one, isPinned: false });
  expect(await ids(ada, { isPinned: true })).toEqual([]);
});

test('conversations are kept in folders, and outlive them', async () => {
  const ada = await app.person();
  const [one, two] = [await begins(ada, 'One'), await begins(ada, 'Two')];
  const thesis = await folder(ada, '  My\n thesis ');
  await ada.asks(MOVE, { id: one, folderId: thesis });
  expect(await ada.asks(FOLDERS)).toEqual({ folders: [{ id: thesis, name: 'My thesis' }] });
  expect(await ids(ada, { folderId: thesis })).toEqual([one]);
  await ada.asks(RENAME, { id: thesis, name: 'Thesis' });
  await ada.asks(MOVE, { id: one });
  expect(await ids(ada, { folderId: thesis })).toEqual([]);
  await ada.asks(MOVE, { id: two, folderId: thesis });
  await ada.asks(REMOVE, { id: thesis });
  expect(await list(ada)).toMatchObject([
    { id: two, folderId: null },
    { id: one, folderId: null },
  ]);
});

test('a folder has a name of its own, and is nobody else’s', async () => {
  const [ada, eve] = [await app.person(), await app.person()];
  const mine = await folder(ada, 'Mine');
  const hers = await begins(eve, 'Hers');
  expect(await ada.refusal(CREATE, { name: 'mine' })).toBe('CONFLICT');
  expect(await ada.refusal(CREATE, { name: ' ' })).toBe('INVALID');
  expect(await ada.refusal(CREATE, { name: 'x'.repeat(101) })).toBe('TOO_LARGE');
  await folder(eve, 'Mine');
  expect(await eve.refusal(RENAME, { id: mine, name: 'Hers' })).toBe('NOT_FOUND');
  expect(await eve.refusal(REMOVE, { id: mine })).toBe('NOT_FOUND');
  expect(await eve.refusal(MOVE, { id: hers, folderId: mine })).toBe('NOT_FOUND');
  expect(await ids(eve, { folderId: mine })).toEqual([]);
});

test('what was hidden is listed apart, and can be brought back', async () => {
  const [ada, eve] = [await app.person(), await app.person()];
  const id = await begins(ada, 'Gone and back');
  expect(await ada.refusal(RESTORE, { id })).toBe('NOT_FOUND');
  await ada.asks(DELETE, { id });
  expect(await list(ada, { isDeleted: true })).toMatchObject([
    { id, deletedAt: expect.any(String), goneAt: null },
  ]);
  expect(await eve.refusal(RESTORE, { id })).toBe('NOT_FOUND');
  expect(await ada.asks(RESTORE, { id })).toEqual({ restoreConversation: { id, deletedAt: null } });
  expect(await ids(ada)).toEqual([id]);
  expect((await ada.conversation(id)).messages).toHaveLength(2);
});

test('what was deleted for good can be brought back for a moment, and is gone after it', async () => {
  const config = { chat: { remove: 'delete' } };
  const own = await testApp({ config });
  const ada = await own.person();
  const [back, gone] = [await begins(ada, 'Back'), await begins(ada, 'Gone')];
  for (const id of [back, gone]) await ada.asks(DELETE, { id });
  expect(await ids(ada, { isDeleted: true })).toEqual([]);
  await ada.asks(RESTORE, { id: back });
  await own.rows(
    "UPDATE conversation SET purge_at = now() - interval '1 second' WHERE id = $1",
    gone,
  );
  expect(await ada.refusal(RESTORE, { id: gone })).toBe('NOT_FOUND');
  await testApp({ config, databaseUrl: own.databaseUrl });
  const left = () => own.rows('SELECT id FROM conversation');
  await expect.poll(left).toEqual([{ id: back }]);
  expect(await own.rows('SELECT 1 FROM message WHERE conversation_id = $1', gone)).toEqual([]);
});

test('hidden conversations are purged after as many days as the configuration says', async () => {
  const own = await testApp();
  const ada = await own.person();
  const [kept, purged] = [await begins(ada, 'Kept'), await begins(ada, 'Purged')];
  for (const id of [kept, purged]) await ada.asks(DELETE, { id });
  await own.rows(
    "UPDATE conversation SET hidden_at = now() - interval '8 days' WHERE id = $1",
    purged,
  );
  await testApp({ config: { chat: { purge_after_days: 7 } }, databaseUrl: own.databaseUrl });
  await expect.poll(() => own.rows('SELECT id FROM conversation')).toEqual([{ id: kept }]);
});

test('a hidden conversation tells when it is gone, and its owner can let it go at once', async () => {
  const own = await testApp({ config: { chat: { purge_after_days: 30 } } });
  const [ada, eve] = [await own.person(), await own.person()];
  const id = await begins(ada, 'Away');
  expect(await ada.refusal(PURGE, { id })).toBe('NOT_FOUND');
  await ada.asks(DELETE, { id });
  const [hidden] = await list(ada, { isDeleted: true });
  const days =
    (Date.parse(hidden?.goneAt ?? '') - Date.parse(hidden?.deletedAt ?? '')) / 86_400_000;
  expect(days).toBe(30);
  expect(await eve.refusal(PURGE, { id })).toBe('NOT_FOUND');
  expect(await ada.asks(PURGE, { id })).toEqual({ purgeConversation: id });
  expect(await ada.refusal(RESTORE, { id })).toBe('NOT_FOUND');
  expect(await own.rows('SELECT 1 FROM message')).toEqual([]);
});

test('a temporary conversation is in no list, can be gone on with, and is gone after a day', async () => {
  const own = await testApp();
  const ada = await own.person();
  const { sendMessage } = await ada.asks<{ sendMessage: { conversation: { id: string } } }>(
    'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { conversation { id isTemporary } } }',
    { input: { model: 'fake', content: 'Whisper', isTemporary: true } },
  );
  expect(sendMessage.conversation).toMatchObject({ isTemporary: true });
  const { id } = sendMessage.conversation;
  const next = await ada.says('On', { conversationId: id });
  await ada.awaits(next.assistantMessage.id);
  expect((await ada.conversation(id)).messages).toHaveLength(4);
  for (const filter of [{}, { isDeleted: true }, { isPinned: false }])
    expect(await ids(ada, filter)).toEqual([]);
  expect(await ada.asks('{ search(text: "whisper") { nodes { messageId } } }')).toEqual({
    search: { nodes: [] },
  });
  const [row] = await own.rows<{ hours: number }>(
    'SELECT extract(epoch FROM purge_at - now())::int / 3600.0 AS hours FROM conversation',
  );
  expect(Number(row?.hours)).toBeCloseTo(24, 1);
  await own.rows("UPDATE conversation SET purge_at = now() - interval '1 second'");
  await testApp({ databaseUrl: own.databaseUrl });
  await expect.poll(() => own.rows('SELECT id FROM conversation')).toEqual([]);
});

const RATE = `mutation ($id: ID!, $rating: Rating, $note: String) {
  rateMessage(id: $id, rating: $rating, note: $note) { rating ratingNote content }
}`;

test('an answer is rated with a note, by whom it was given to', async () => {
  const [ada, eve] = [await app.person(), await app.person()];
  const { userMessage, assistantMessage } = await ada.says('Hi');
  await ada.awaits(assistantMessage.id);
  const { id } = assistantMessage;
  expect(await ada.asks(RATE, { id, rating: 'DOWN', note: ' Wrong ' })).toMatchObject({
    rateMessage: { rating: 'DOWN', ratingNote: 'Wrong', content: 'Hello, world!' },
  });
  expect(await ada.asks(RATE, { id, note: 'x' })).toMatchObject({
    rateMessage: { rating: null, ratingNote: null },
  });
  expect(await eve.refusal(RATE, { id, rating: 'UP' })).toBe('NOT_FOUND');
  expect(await ada.refusal(RATE, { id: userMessage.id, rating: 'UP' })).toBe('INVALID');
  expect(await ada.refusal(RATE, { id, rating: 'UP', note: 'x'.repeat(2_001) })).toBe('TOO_LARGE');
});

test('R60: there are up to 200 folders, however many are made at once', async () => {
  const ada = await app.person();
  const first = await folder(ada, 'first');
  await app.rows(
    `insert into conversation_folder (id, owner_id, name, created_at)
    select gen_random_uuid(), owner_id, 'more ' || n, now()
    from conversation_folder, generate_series(1, 196) n where id = $1`,
    first,
  );
  const names = Array.from({ length: 20 }, (_, at) => `at once ${at}`);
  const refusals = await Promise.all(names.map((name) => ada.refusal(CREATE, { name })));
  expect(refusals.filter((code) => code === undefined)).toHaveLength(3);
  expect(refusals.filter((code) => code === 'CONFLICT')).toHaveLength(17);
});
