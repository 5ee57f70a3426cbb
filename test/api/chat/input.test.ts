import { afterAll, expect, test } from 'vitest';
import { startApp } from '../../support/app.ts';

const app = await startApp({ config: { chat: { message_characters_max: 100_000 } } });
afterAll(app.close);

const SEND =
  'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { conversation { id } } }';

test('a message without a word is refused, and nothing is stored', async () => {
  const ada = await app.person();
  for (const content of ['', ' ', '\n\t\u3000\u00a0'])
    expect(await ada.refusal(SEND, { input: { model: 'fake', content } })).toBe('INVALID');

  const { conversations } = await ada.asks<{ conversations: { nodes: [] } }>(
    '{ conversations { nodes { id } } }',
  );
  expect(conversations.nodes).toEqual([]);
});

test('a message of 2 MB is refused with words for the person', async () => {
  const ada = await app.person();
  const input = { model: 'fake', content: 'x'.repeat(2_000_000) };

  const { status, errors } = await ada.graphql(SEND, { input });

  expect(status).toBe(200);
  expect(errors?.[0]).toMatchObject({ extensions: { code: 'TOO_LARGE', param: 'content' } });
  expect(errors?.[0]?.message).toMatch(/at most 100000 characters/);
});

test('the longest message that is allowed is stored and sent whole', async () => {
  const ada = await app.person();
  const content = '漢'.repeat(100_000);
  const budget = await ada.says(content, { model: 'fake' });
  const { messages } = await ada.conversation(budget.conversation.id);

  expect(messages[0]?.content).toBe(content);
  await ada.awaits(budget.assistantMessage.id);
});

test('NUL and halves of surrogate pairs become U+FFFD, in the store and for the model', async () => {
  const ada = await app.person();
  const sent = await ada.says('a\u0000b \ud83d c \ude00 d 😀');
  await ada.awaits(sent.assistantMessage.id);

  const mended = 'a\ufffdb \ufffd c \ufffd d 😀';
  expect(sent.userMessage.content).toBe(mended);
  const { messages } = await ada.conversation(sent.conversation.id);
  expect(messages[0]?.content).toBe(mended);
  expect(app.model.requests.at(-1)?.body.messages).toEqual([{ role: 'user', content: mended }]);
});

test('NUL and halves of surrogate pairs in an answer hurt nobody', async () => {
  const ada = await app.person();
  const { id, request } = await app.turn(ada);
  request.says('a\u0000b \ud83d');
  request.says('\ude00 \ud83d c');
  request.finishes();

  const { content, message } = await ada.reads(id);

  expect(content).toBe('a\ufffdb 😀 \ufffd c');
  expect(message).toMatchObject({ status: 'FINISHED', content, position: 9 });
});

test('a title is the first words of the first message', async () => {
  const ada = await app.person();
  const title = async (content: string) => (await ada.says(content)).conversation.title;

  expect(await title('  Hello\n\tthere ')).toBe('Hello there');
  expect(await title('\u0000\ud800x')).toBe('\ufffd\ufffdx');
  expect(await title(`${'word '.repeat(20)}`)).toMatch(/^(word ){11}word…$/);
});

for (const [name, model] of Object.entries({ unknown: 'gpt-99', empty: '', odd: '__proto__' })) {
  test(`an ${name} model is not found`, async () => {
    const ada = await app.person();
    expect(await ada.refusal(SEND, { input: { model, content: 'Hello' } })).toBe('NOT_FOUND');
  });
}
