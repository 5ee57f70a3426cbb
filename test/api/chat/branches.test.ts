import { afterAll, expect, test } from 'vitest';
import { startApp } from '../../support/app.ts';
import { refuses, says } from '../../support/fake-model.ts';

const app = await startApp();
afterAll(app.close);

/** What the model was sent last. */
const heard = () => app.model.requests.at(-1)?.body.messages;

const user = (content: string) => ({ role: 'user', content });
const assistant = (content: string) => ({ role: 'assistant', content });

test('a message without a parent follows the newest one', async () => {
  const ada = await app.person();
  app.model.answerNext(says('Paris.'));
  const first = await ada.says('Capital of France?');
  await ada.awaits(first.assistantMessage.id);
  expect(heard()).toEqual([user('Capital of France?')]);

  const { id: conversationId } = first.conversation;
  const second = await ada.says('And of Italy?', { conversationId });
  await ada.awaits(second.assistantMessage.id);

  expect(second.userMessage.parentId).toBe(first.assistantMessage.id);
  expect(second.assistantMessage.parentId).toBe(second.userMessage.id);
  expect(heard()).toEqual([user('Capital of France?'), assistant('Paris.'), user('And of Italy?')]);
});

test('a message with a parent begins a branch, and the model hears that branch only', async () => {
  const ada = await app.person();
  app.model.answerNext(says('Answer one'));
  const root = await ada.says('Root');
  await ada.awaits(root.assistantMessage.id);
  const { id: conversationId } = root.conversation;
  const parentId = root.assistantMessage.id;
  app.model.answerNext(says('Answer left'));
  const left = await ada.says('Left', { conversationId, parentId });
  await ada.awaits(left.assistantMessage.id);
  app.model.answerNext(says('Answer right'));
  const right = await ada.says('Right', { conversationId, parentId });
  await ada.awaits(right.assistantMessage.id);
  expect(heard()).toEqual([user('Root'), assistant('Answer one'), user('Right')]);

  const on = await ada.says('Left on', { conversationId, parentId: left.assistantMessage.id });
  await ada.awaits(on.assistantMessage.id);

  expect(heard()).toEqual([
    user('Root'),
    assistant('Answer one'),
    user('Left'),
    assistant('Answer left'),
    user('Left on'),
  ]);
  const { messages } = await ada.conversation(conversationId);
  expect(messages).toHaveLength(8);
  expect(messages.filter((message) => message.parentId === parentId)).toHaveLength(2);
});

test('an answer that failed without a word is left out of what the model hears', async () => {
  const ada = await app.person();
  app.model.answerNext(refuses(400, 'No'));
  const first = await ada.says('Try');
  await ada.awaits(first.assistantMessage.id);

  const again = await ada.says('Again', { conversationId: first.conversation.id });
  await ada.awaits(again.assistantMessage.id);

  expect(heard()).toEqual([user('Try'), user('Again')]);
});

test('a parent must be of the same conversation', async () => {
  const ada = await app.person();
  const [here, there] = [await ada.says('Here'), await ada.says('There')];
  const elsewhere = { conversationId: here.conversation.id, parentId: there.userMessage.id };

  await expect(ada.says('Across', elsewhere)).rejects.toThrow('NOT_FOUND');
  await expect(ada.says('Nowhere', { parentId: here.userMessage.id })).rejects.toThrow('INVALID');
});

test('two messages at once in one conversation are both stored and answered', async () => {
  const ada = await app.person();
  const first = await ada.says('First');
  await ada.awaits(first.assistantMessage.id);
  const { id: conversationId } = first.conversation;

  const both = await Promise.all(['A', 'B', 'C'].map((text) => ada.says(text, { conversationId })));
  const ends = await Promise.all(both.map(({ assistantMessage: { id } }) => ada.awaits(id)));

  expect(ends.map(({ status }) => status)).toEqual(['FINISHED', 'FINISHED', 'FINISHED']);
  expect((await ada.conversation(conversationId)).messages).toHaveLength(8);
});
