import { readFile } from 'node:fs/promises';
import { buildSchema, type GraphQLField, getNamedType, isInputObjectType } from 'graphql';
import { afterAll, expect, test } from 'vitest';
import { startApp } from '../../support/app.ts';
import { HELLO, post } from '../v1/client.ts';

const app = await startApp();
afterAll(app.close);

/** What Lumen alone decides: whose a thing is, what it costs, what state it is in. */
const DECIDED_HERE =
  /owner|account|person|actor|role|admin|status|coin|cost|price|balance|spent|tokens|created|updated/i;
/** Each was looked at: who may say it is checked where it is used, and the rest is a wish within what one has. */
const ASKED_ALL_THE_SAME = [
  // For administrators.
  ...[
    'createProject.ownerEmail',
    'confirmAccountDeletion.account',
    'declineAccountDeletion.account',
  ],
  ...['disableAccount.account', 'enableAccount.account', 'grantCoins.account', 'resetPool.account'],
  'setAccountLimit.account',
  // A cap of one's own key, and the length of one's own answers.
  ...['CreateApiKeyInput.costMax', 'ChatSettingsInput.maxTokens'],
];

/** Its arguments, and the fields of those that have some. */
const placesOf = ({ name: mutation, args }: GraphQLField<unknown, unknown>): string[] =>
  args.flatMap(({ name, type }) => {
    const input = getNamedType(type);
    const hasFields = isInputObjectType(input) && input.name !== 'AccountNameInput';
    const fields = hasFields ? Object.keys(input.getFields()) : [];
    return [`${mutation}.${name}`, ...fields.map((field) => `${input.name}.${field}`)];
  });

test('R44 no mutation takes an owner, a state, a cost or a role that was not decided to be asked for', async () => {
  const schema = buildSchema(await readFile('schema.graphql', 'utf8'));
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
  const places = new Set(mutations.flatMap(placesOf));
  expect(places.size).toBeGreaterThan(60);
  const deciding = [...places].filter((place) => DECIDED_HERE.test(place.split('.')[1] ?? ''));
  expect(deciding.sort()).toEqual(ASKED_ALL_THE_SAME.sort());
});

test('R44 what is sent beside the declared fields is refused as a whole', async () => {
  const ada = await app.person();
  const send =
    'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { conversation { id } } }';
  for (const more of [{ ownerId: 'x' }, { role: 'system' }, { cost: 0 }, { id: 'x' }]) {
    const input = { model: 'fake', content: 'Hi', ...more };
    expect(await ada.refusal(send, { input })).toBe('INVALID');
  }
  const key = 'mutation ($input: CreateApiKeyInput) { createApiKey(input: $input) { secret } }';
  for (const more of [{ accountId: 'x' }, { secret: 'x' }, { requests: 0 }])
    expect(await ada.refusal(key, { input: { name: 'k', ...more } })).toBe('INVALID');
  expect(await app.rows('select from conversation union all select from api_key')).toEqual([]);
});

test('R44 an imported file says what was written, and neither ids, owners, states nor costs', async () => {
  const [ada, bob] = [await app.person(), await app.person()];
  const { conversation, assistantMessage } = await bob.says('Mine');
  await bob.awaits(assistantMessage.id);
  const at = '2026-01-01T00:00:00Z';
  const claims = {
    ...{ owner: bob.email, ownerId: 'x', owner_id: 'x', accountId: 'x', hiddenAt: at },
    ...{
      cost: '-5',
      inputTokens: -9,
      outputTokens: -9,
      status: 'streaming',
      conversationId: conversation.id,
    },
  };
  const said = { content: 'Planted', createdAt: at, ...claims };
  const messages = [
    { id: assistantMessage.id, parentId: null, role: 'user', ...said },
    { id: '2', parentId: assistantMessage.id, role: 'assistant', ...said },
  ];
  const one = { id: conversation.id, title: 'A', model: 'fake', messages, ...claims };
  const file = {
    form: 'lumen-conversations-1',
    conversations: [{ ...one, createdAt: at, updatedAt: at }],
  };
  const before = await ada.pool();
  const imports = 'mutation ($file: String!) { importConversations(file: $file) }';
  await ada.asks(imports, { file: JSON.stringify(file) });

  const rows = await app.rows(
    `select c.id <> $1 as "isNew", a.email, m.status, m.cost, m.input_tokens as tokens from message m
      join conversation c on c.id = m.conversation_id join account a on a.id = c.owner_id where m.content = 'Planted'`,
    conversation.id,
  );
  const planted = { isNew: true, email: ada.email, status: 'finished', cost: null, tokens: null };
  expect(rows).toEqual([planted, planted]);
  expect(await ada.pool()).toEqual(before);
  expect((await bob.conversation(conversation.id)).messages).toHaveLength(2);
  const system = { ...file.conversations[0], messages: [{ ...messages[0], role: 'system' }] };
  const bad = JSON.stringify({ ...file, conversations: [system] });
  expect(await ada.refusal(imports, { file: bad })).toBe('INVALID');
});

test('R44 a request of /v1 is its key’s, whatever its body and its headers say', async () => {
  const [ada, bob] = [await app.person(), await app.person()];
  const { key } = await ada.withKey();
  const [account] = await app.rows<{ id: string }>(
    'select id from account where email = $1',
    bob.email,
  );
  const claims = {
    user: bob.email,
    account_id: account?.id,
    owner: account?.id,
    cost: 0,
    source: 'chat',
  };
  const headers = {
    'x-user': bob.email,
    'x-account-id': account?.id ?? '',
    'x-request-id': account?.id ?? '',
  };
  const response = await post(app, { ...HELLO, ...claims, metadata: claims }, { key, headers });
  expect(response.status).toBe(200);
  const rows = await app.rows(
    `select a.email, q.source, q.cost > 0 as "isPaid", q.id <> $1 as "hasOwnId" from request_log q
      join account a on a.id = q.account_id where q.source = 'api'`,
    account?.id,
  );
  expect(rows).toEqual([{ email: ada.email, source: 'api', isPaid: true, hasOwnId: true }]);
});
