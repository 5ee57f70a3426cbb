import { expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';
import { startFakeModel } from '../../support/fake-model.ts';
import { png } from '../../support/files.ts';
import { saysWith, uploads } from './uploading.ts';

const SEND = `mutation ($input: SendMessageInput!) {
  sendMessage(input: $input) { conversation { id } }
}`;
const UPLOADS =
  'query ($id: ID!) { conversation(id: $id) { messages { role content uploads { name mediaType size width height url } } } }';

test('a message shows its files after it was loaded anew, in their order', async () => {
  const app = await testApp();
  const ada = await app.person();
  const files = [await uploads(ada, 'b', 'b.txt'), await uploads(ada, png(4, 3), 'a.png')];
  const { conversation } = await saysWith(ada, 'Look', files);
  const { conversation: loaded } = await ada.asks<{ conversation: { messages: object[] } }>(
    UPLOADS,
    { id: conversation.id },
  );
  expect(loaded.messages).toMatchObject([
    {
      role: 'USER',
      uploads: [
        { name: 'b.txt', mediaType: 'text/plain', size: 1, width: null, url: files[0]?.url },
        { name: 'a.png', mediaType: 'image/png', width: 4, height: 3, url: files[1]?.url },
      ],
    },
    { role: 'ASSISTANT', uploads: [] },
  ]);
});

test('files alone are a message, and name the conversation', async () => {
  const app = await testApp();
  const ada = await app.person();
  const picture = await uploads(ada, png(4, 3), 'Lamp.png');
  const { conversation, assistantMessage } = await saysWith(ada, '', [picture]);
  expect(conversation.title).toBe('Lamp.png');
  const { body } = await app.model.received();
  expect(body.messages).toMatchObject([
    {
      content: [{ type: 'image_url' }, { type: 'text', text: 'What is in this image?' }],
    },
  ]);
  await ada.awaits(assistantMessage.id);
  expect(await ada.refusal(SEND, { input: { model: 'fake', content: ' ' } })).toBe('INVALID');
});

test('nobody sends the file of another, one that is gone, one of another conversation, or too many', async () => {
  const app = await testApp();
  const [ada, bob] = [await app.person(), await app.person()];
  const file = await uploads(ada, 'x', 'x.txt');
  const input = (uploadIds: string[]) => ({ input: { model: 'fake', content: 'Hi', uploadIds } });
  expect(await bob.refusal(SEND, input([file.id]))).toBe('NOT_FOUND');
  expect(await ada.refusal(SEND, input(['nonsense']))).toBe('NOT_FOUND');
  const { conversation } = await saysWith(ada, 'Mine', [file, file]);
  expect(await ada.refusal(SEND, input([file.id]))).toBe('NOT_FOUND');
  expect(await ada.refusal('mutation ($id: ID!) { deleteUpload(id: $id) }', { id: file.id })).toBe(
    'NOT_FOUND',
  );
  const many = [];
  for (let count = 0; count < 11; count += 1) many.push((await uploads(ada, `${count}`)).id);
  expect(await ada.refusal(SEND, input(many))).toBe('INVALID');
  expect(await app.rows('select id from conversation')).toEqual([{ id: conversation.id }]);
});

test('two tabs that send the same file at once: one does, the other is told', async () => {
  const app = await testApp();
  const ada = await app.person();
  const { id } = await uploads(ada, 'x', 'x.txt');
  const variables = { input: { model: 'fake', content: 'Hi', uploadIds: [id] } };
  const answers = await Promise.all([ada.graphql(SEND, variables), ada.graphql(SEND, variables)]);
  const codes = answers.map(({ errors }) => errors?.[0]?.extensions.code);
  expect(codes.sort()).toEqual(['NOT_FOUND', undefined]);
  expect(await app.rows('select count(*)::int from conversation')).toEqual([{ count: 1 }]);
});

test('a model that can not see is not sent images: it is said who can, and older ones are only named', async () => {
  const model = await startFakeModel();
  const cost = { input_cost_per_million: 0, output_cost_per_million: 0 };
  const endpoints = [{ url: model.url, api_key: 'key', model: 'fake-1' }];
  const app = await testApp({
    model,
    config: {
      models: [
        { name: 'blind', input_modalities: ['text'], ...cost, endpoints },
        { name: 'seeing', input_modalities: ['text', 'image'], ...cost, endpoints },
      ],
    },
  });
  const ada = await app.person();
  const picture = await uploads(ada, png(4, 3), 'a.png');
  const input = { content: 'Look', uploadIds: [picture.id] };
  const { errors } = await ada.graphql(SEND, { input: { ...input, model: 'blind' } });
  expect(errors?.[0]).toMatchObject({
    message: '“blind” can’t see images. Choose one that does: seeing.',
    extensions: { code: 'INVALID', reason: 'no_vision' },
  });
  expect(model.requests).toEqual([]);

  const { conversation, assistantMessage } = await saysWith(ada, 'Look', [picture], {
    model: 'seeing',
  });
  await ada.awaits(assistantMessage.id);
  await ada.says('And now?', { conversationId: conversation.id, model: 'blind' });
  expect((await model.received(2)).body.messages).toMatchObject([
    { content: '[Image: a.png, which you are not shown]\n\nLook' },
    { role: 'assistant' },
    { content: 'And now?' },
  ]);
  await model.close();
});

test('an edited question keeps its files', async () => {
  const app = await testApp();
  const ada = await app.person();
  const file = await uploads(ada, 'x = 1', 'a.py');
  const { userMessage, assistantMessage } = await saysWith(ada, 'Explain', [file]);
  await ada.awaits(assistantMessage.id);
  const { editMessage } = await ada.asks<{ editMessage: { userMessage: object } }>(
    `mutation ($id: ID!) { editMessage(input: { id: $id, content: "Shorter" }) {
      userMessage { content uploads { id } } } }`,
    { id: userMessage.id },
  );
  expect(editMessage.userMessage).toEqual({ content: 'Shorter', uploads: [{ id: file.id }] });
  expect((await app.model.received(2)).body.messages).toEqual([
    { role: 'user', content: '[Document: a.py]\n\nx = 1\n\n[End of document: a.py]\n\nShorter' },
  ]);
});

test('a picture of megabytes takes no more coins than a picture', async () => {
  const app = await testApp();
  const ada = await app.person();
  const noise = Buffer.concat([png(900, 900), Buffer.alloc(6 * 2 ** 20, 7)]);
  const picture = await uploads(ada, noise, 'large.png');
  const { assistantMessage } = await saysWith(ada, 'What is it?', [picture]);
  expect((await ada.awaits(assistantMessage.id)).status).toBe('FINISHED');
});

test('of many megabytes of images the newest are sent, and the others named', async () => {
  const app = await testApp();
  const ada = await app.person();
  const large = Buffer.concat([png(9, 9), Buffer.alloc(9 * 2 ** 20)]);
  const files = [];
  for (const name of ['a.png', 'b.png', 'c.png']) files.push(await uploads(ada, large, name));
  await saysWith(ada, 'Compare', files);
  const [question] = (await app.model.received()).body.messages as { content: object[] }[];
  expect(question?.content).toMatchObject([
    { text: '[Image: a.png, which you are not shown]' },
    { type: 'image_url' },
    { type: 'image_url' },
    { text: 'Compare' },
  ]);
});

test('files go with their conversation, and out of sight with it', async () => {
  const app = await testApp({ config: { chat: { remove: 'delete' } } });
  const ada = await app.person();
  const file = await uploads(ada, 'x', 'a.txt');
  const { conversation, assistantMessage } = await saysWith(ada, 'Keep', [file]);
  await ada.awaits(assistantMessage.id);
  const old = await uploads(ada, 'y', 'old.txt');
  await app.rows("update upload set created_at = now() - interval '25 hours'");
  await ada.asks('mutation ($id: ID!) { deleteConversation(id: $id) }', { id: conversation.id });
  expect((await fetch(app.url + file.url, { headers: ada.headers })).status).toBe(404);
  expect((await fetch(app.url + old.url, { headers: ada.headers })).status).toBe(200);
  await app.rows('delete from conversation');
  expect(await app.rows('select id from upload')).toEqual([{ id: old.id }]);
});

test('an export names the files, for people and for programs', async () => {
  const app = await testApp();
  const ada = await app.person();
  const file = await uploads(ada, 'x', 'notes_1.txt');
  const { conversation, assistantMessage } = await saysWith(ada, 'Read', [file]);
  await ada.awaits(assistantMessage.id);
  const exported = (format: string) =>
    ada.asks<{ exportConversation: string }>(
      `query ($id: ID!) { exportConversation(id: $id, format: ${format}) }`,
      { id: conversation.id },
    );
  const [markdown, json] = [await exported('MARKDOWN'), await exported('JSON')];
  expect(markdown.exportConversation).toContain('Attached: notes\\_1.txt\n\nRead');
  const [written] = JSON.parse(json.exportConversation).conversations;
  expect(written.messages[0].uploads).toEqual([
    { name: 'notes_1.txt', mediaType: 'text/plain', size: 1 },
  ]);
});

test('a message keeps its files when it is edited, in whatever case its id is written', async () => {
  const app = await testApp();
  const ada = await app.person();
  const file = await uploads(ada, 'b', 'b.txt');
  const { userMessage, assistantMessage } = await saysWith(ada, 'Look', [file]);
  await ada.awaits(assistantMessage.id);
  const { editMessage } = await ada.asks<{ editMessage: unknown }>(
    `mutation ($input: EditMessageInput!) {
      editMessage(input: $input) { userMessage { uploads { id } } }
    }`,
    { input: { id: userMessage.id.toUpperCase(), content: 'Look again' } },
  );
  expect(editMessage).toEqual({ userMessage: { uploads: [{ id: file.id }] } });
});
