import { afterAll, expect, test } from 'vitest';
import type { Person, TestMessage } from '../../support/actors.ts';
import { startApp } from '../../support/app.ts';
import { answers, says, waits } from '../../support/fake-model.ts';

const app = await startApp({
  config: (model) => ({
    models: ['fake', 'other'].map((name) => ({
      name,
      input_cost_per_million: 1000,
      output_cost_per_million: 2000,
      max_output_tokens: 1000,
      endpoints: [{ url: model.url, model: 'fake-1' }],
    })),
  }),
});
afterAll(app.close);

interface Begun {
  readonly assistantMessage: TestMessage & { readonly model: string };
  readonly userMessage?: TestMessage;
  readonly conversation: { readonly id: string; readonly activeMessageId: string };
}

const BEGUN = 'conversation { id activeMessageId } assistantMessage { id parentId content model }';
const REGENERATE = `mutation ($id: ID!, $model: String) { begun: regenerateAnswer(id: $id, model: $model) { ${BEGUN} } }`;
const BESIDE = `mutation ($id: ID!, $model: String) { begun: regenerateAnswer(id: $id, model: $model, isShown: false) { ${BEGUN} } }`;
const CONTINUE = `mutation ($id: ID!) { begun: continueAnswer(id: $id) { ${BEGUN} } }`;
const EDIT = `mutation ($input: EditMessageInput!) { begun: editMessage(input: $input) { ${BEGUN} userMessage { id parentId content } } }`;
const SHOW = 'mutation ($id: ID!) { setActiveMessage(id: $id) { activeMessageId } }';

const begins = async (person: Person, mutation: string, variables: object): Promise<Begun> =>
  (await person.asks<{ begun: Begun }>(mutation, variables)).begun;

const active = async (person: Person, id: string) =>
  (
    await person.asks<{ conversation: { activeMessageId: string | null } }>(
      'query ($id: ID!) { conversation(id: $id) { activeMessageId } }',
      { id },
    )
  ).conversation.activeMessageId;

const heard = () => app.model.requests.at(-1)?.body.messages;
const user = (content: string) => ({ role: 'user', content });

/** A question that has its answer. */
async function asked(person: Person, question: string, answer: string, more = {}) {
  app.model.answerNext(says(answer));
  const sent = await person.says(question, more);
  await person.awaits(sent.assistantMessage.id);
  return sent;
}

test('a question is answered once more beside its answer, by another model, and each is paid for', async () => {
  const ada = await app.person();
  const sent = await asked(ada, 'Why?', 'Because.');
  const { id } = sent.assistantMessage;
  app.model.answerNext(says('For a reason.'));
  const again = await begins(ada, REGENERATE, { id, model: 'other' });
  const ended = await ada.awaits(again.assistantMessage.id);

  expect(again.assistantMessage).toMatchObject({ parentId: sent.userMessage.id, model: 'other' });
  expect(ended).toMatchObject({ content: 'For a reason.', status: 'FINISHED' });
  expect(heard()).toEqual([user('Why?')]);
  const logged = await app.rows(
    'SELECT m.id FROM message m JOIN request_log l ON l.id = m.id AND l.cost = m.cost WHERE m.conversation_id = $1',
    sent.conversation.id,
  );
  expect(logged).toHaveLength(2);
  expect(await active(ada, sent.conversation.id)).toBe(again.assistantMessage.id);
});

test('several models answer one question side by side', async () => {
  const ada = await app.person();
  const { id, request } = await app.turn(ada, 'Which is best?');
  const arrival = app.model.received(app.model.requests.length + 1);
  app.model.answerNext(waits());
  const beside = await begins(ada, REGENERATE, { id, model: 'other' });
  const second = await arrival;
  second.says('I am');
  second.finishes();
  expect(await ada.awaits(beside.assistantMessage.id)).toMatchObject({ content: 'I am' });
  request.says('No, I am');
  request.finishes();
  expect(await ada.awaits(id)).toMatchObject({ content: 'No, I am' });
});

test('an answer that is not shown leaves the branch and the model as they are, and is paid for', async () => {
  const ada = await app.person();
  const sent = await asked(ada, 'Why?', 'Because.');
  const { id: conversationId } = sent.conversation;
  const { id } = sent.assistantMessage;
  app.model.answerNext(says('For a reason.'));
  const beside = await begins(ada, BESIDE, { id, model: 'other' });
  expect(await ada.awaits(beside.assistantMessage.id)).toMatchObject({ content: 'For a reason.' });
  expect(beside.conversation.activeMessageId).toBe(id);

  expect(await ada.refusal(BESIDE, { id, model: 'unheard-of' })).toBe('NOT_FOUND');
  const { conversation } = await ada.asks<{ conversation: object }>(
    'query ($id: ID!) { conversation(id: $id) { model activeMessageId } }',
    { id: conversationId },
  );
  expect(conversation).toEqual({ model: 'fake', activeMessageId: id });
  const next = await asked(ada, 'On', 'OK', { conversationId });
  expect(next.userMessage.parentId).toBe(id);
  const costs = await app.rows(
    'SELECT cost FROM message WHERE conversation_id = $1 AND cost > 0',
    conversationId,
  );
  expect(costs).toHaveLength(3);
});

test('how long a model thought is stored with its answer, also of one that was stopped at it', async () => {
  const ada = await app.person();
  const { id, conversationId, request } = await app.turn(ada, 'Think');
  request.reasons('Hmm');
  for await (const event of ada.watches(id)) if (event.__typename === 'MessageChunk') break;
  await request.delivers('So it is.');
  request.finishes();
  await ada.awaits(id);
  const thought = await app.turn(ada, 'Think on');
  thought.request.reasons('Hmm');
  for await (const event of ada.watches(thought.id)) if (event.__typename === 'MessageChunk') break;
  await ada.asks('mutation ($id: ID!) { stopMessage(id: $id) { id } }', { id: thought.id });
  await ada.awaits(thought.id);
  const plain = await asked(ada, 'Say', 'Said.');

  const times = async (conversationId: string) => {
    const { conversation } = await ada.asks<{
      conversation: { messages: { reasoningMs: number | null }[] };
    }>('query ($id: ID!) { conversation(id: $id) { messages { reasoningMs } } }', {
      id: conversationId,
    });
    return conversation.messages.map(({ reasoningMs }) => reasoningMs);
  };
  expect(await times(conversationId)).toEqual([null, expect.any(Number)]);
  expect(await times(thought.conversationId)).toEqual([null, expect.any(Number)]);
  expect(await times(plain.conversation.id)).toEqual([null, null]);
});

test('a message is said anew beside itself, also the first one of a conversation', async () => {
  const ada = await app.person();
  const first = await asked(ada, 'Capital of Frnce?', 'Of what?');
  const { id: conversationId } = first.conversation;
  const second = await asked(ada, 'Of France', 'Paris.', { conversationId });
  app.model.answerNext(says('Paris!'));
  const input = { id: first.userMessage.id, content: 'Capital of France?' };
  const edited = await begins(ada, EDIT, { input });
  await ada.awaits(edited.assistantMessage.id);

  expect(edited.userMessage).toMatchObject({ parentId: null, content: 'Capital of France?' });
  expect(heard()).toEqual([user('Capital of France?')]);
  app.model.answerNext(says('Rome.'));
  const later = { id: second.userMessage.id, content: 'Of Italy' };
  const branch = await begins(ada, EDIT, { input: later });
  await ada.awaits(branch.assistantMessage.id);
  expect(branch.userMessage?.parentId).toBe(first.assistantMessage.id);
  expect(heard()).toEqual([
    user('Capital of Frnce?'),
    { role: 'assistant', content: 'Of what?' },
    user('Of Italy'),
  ]);
  expect((await ada.conversation(conversationId)).messages).toHaveLength(8);
});

test('a stopped answer is gone on with: the text joins, and only what is added is paid for', async () => {
  const ada = await app.person();
  const { id, conversationId, request } = await app.turn(ada, 'Count');
  await request.delivers('One, two');
  await ada.readsTo(id, 8);
  await ada.asks('mutation ($id: ID!) { stopMessage(id: $id) { id } }', { id });
  expect(await ada.awaits(id)).toMatchObject({ status: 'STOPPED', content: 'One, two' });

  app.model.answerNext(
    answers({ texts: [', three'], usage: { prompt_tokens: 9, completion_tokens: 3 } }),
  );
  const on = await begins(ada, CONTINUE, { id });
  expect(on.assistantMessage.content).toBe('One, two');
  const { content, message } = await ada.reads(on.assistantMessage.id);

  expect(content).toBe('One, two, three');
  expect(message).toMatchObject({ content, status: 'FINISHED', inputTokens: 9, outputTokens: 3 });
  expect((heard() as object[]).slice(0, 2)).toEqual([
    user('Count'),
    { role: 'assistant', content: 'One, two' },
  ]);
  expect(await active(ada, conversationId)).toBe(on.assistantMessage.id);
  // The next question is heard after the whole text, once.
  await asked(ada, 'More', 'No', { conversationId });
  expect(heard()).toEqual([
    user('Count'),
    { role: 'assistant', content: 'One, two, three' },
    user('More'),
  ]);
});

test('an answer that used up its tokens says so, and one that still runs is not gone on with', async () => {
  const ada = await app.person();
  app.model.answerNext(answers({ texts: ['Half'], finishReason: 'length' }));
  const { conversation, assistantMessage } = await ada.says('Write a book');
  await ada.awaits(assistantMessage.id);
  const CUT = 'query ($id: ID!) { conversation(id: $id) { messages { isCutOff } } }';
  const { conversation: read } = await ada.asks<{ conversation: object }>(CUT, conversation);
  expect(read).toEqual({ messages: [{ isCutOff: false }, { isCutOff: true }] });

  const { id, request } = await app.turn(ada);
  expect(await ada.refusal(CONTINUE, { id })).toBe('CONFLICT');
  request.finishes();
});

test('the branch that is shown is kept, and the next message follows it', async () => {
  const ada = await app.person();
  const root = await asked(ada, 'Root', 'Yes');
  const { id: conversationId } = root.conversation;
  const left = await asked(ada, 'Left', 'L', { conversationId });
  const parentId = root.assistantMessage.id;
  const right = await asked(ada, 'Right', 'R', { conversationId, parentId });
  expect(await active(ada, conversationId)).toBe(right.assistantMessage.id);

  const shown = await ada.asks(SHOW, { id: left.userMessage.id });
  expect(shown).toEqual({ setActiveMessage: { activeMessageId: left.assistantMessage.id } });
  expect(await active(ada, conversationId)).toBe(left.assistantMessage.id);

  const next = await asked(ada, 'On', 'OK', { conversationId });
  expect(next.userMessage.parentId).toBe(left.assistantMessage.id);
});

test('R36 nothing of it is possible with somebody else’s messages, or with the wrong kind of one', async () => {
  const [ada, eve] = [await app.person(), await app.person()];
  const { userMessage, assistantMessage } = await asked(ada, 'Mine', 'Yours');
  const ids = [assistantMessage.id, 'nothing', '01a20362-ee1f-7676-81a0-a69db9db4444'];
  for (const id of ids)
    for (const mutation of [REGENERATE, CONTINUE, SHOW])
      expect(await eve.refusal(mutation, { id })).toBe('NOT_FOUND');
  expect(await eve.refusal(EDIT, { input: { id: userMessage.id, content: 'Hers' } })).toBe(
    'NOT_FOUND',
  );
  const { id } = assistantMessage;
  expect(await ada.refusal(EDIT, { input: { id, content: 'Mine' } })).toBe('INVALID');
  expect(await ada.refusal(REGENERATE, { id: userMessage.id })).toBe('INVALID');
  expect(await ada.refusal(REGENERATE, { id, model: 'gpt-9' })).toBe('NOT_FOUND');
});
