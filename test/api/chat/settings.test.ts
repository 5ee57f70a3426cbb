import { afterAll, expect, test } from 'vitest';
import { startApp } from '../../support/app.ts';

const app = await startApp();
afterAll(app.close);

const SETTINGS = 'settings { systemPrompt temperature topP maxTokens reasoningEffort seed }';
const SET = `mutation ($id: ID!, $settings: ChatSettingsInput!) {
  setConversationSettings(id: $id, settings: $settings) { ${SETTINGS} }
}`;
const READ = `query ($id: ID!) { conversation(id: $id) { ${SETTINGS} messages { ${SETTINGS} } } }`;

const unset = {
  systemPrompt: null,
  temperature: null,
  topP: null,
  maxTokens: null,
  reasoningEffort: null,
  seed: null,
};
const all = {
  systemPrompt: 'Speak like a pirate.',
  temperature: 0.5,
  topP: 0.9,
  maxTokens: 77,
  reasoningEffort: 'LOW',
  seed: 42,
};

test('a conversation’s settings go to the model, and each answer keeps those that it was made with', async () => {
  const ada = await app.person();
  const { conversation, assistantMessage } = await ada.says('Plain', {});
  await ada.awaits(assistantMessage.id);
  const plain = app.model.requests.at(-1)?.body;
  expect(plain).not.toHaveProperty('temperature');

  const { id } = conversation;
  expect(await ada.asks(SET, { id, settings: all })).toEqual({
    setConversationSettings: { settings: all },
  });
  const next = await ada.says('Ahoy', { conversationId: id });
  await ada.awaits(next.assistantMessage.id);

  expect(app.model.requests.at(-1)?.body).toMatchObject({
    temperature: 0.5,
    top_p: 0.9,
    max_tokens: 77,
    reasoning_effort: 'low',
    seed: 42,
  });
  const messages = app.model.requests.at(-1)?.body.messages as object[];
  expect(messages[0]).toEqual({ role: 'system', content: 'Speak like a pirate.' });
  expect(messages).toHaveLength(4);

  await ada.asks(SET, { id, settings: {} });
  expect(await ada.asks(READ, { id })).toEqual({
    conversation: {
      settings: unset,
      messages: [{ settings: null }, { settings: unset }, { settings: null }, { settings: all }],
    },
  });
});

test('a conversation can begin with settings, which hold on', async () => {
  const ada = await app.person();
  const { sendMessage } = await ada.asks<{
    sendMessage: { conversation: { id: string }; assistantMessage: { id: string } };
  }>(
    'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { conversation { id } assistantMessage { id } } }',
    { input: { model: 'fake', content: 'Hi', settings: { temperature: 0, seed: -7 } } },
  );
  await ada.awaits(sendMessage.assistantMessage.id);
  expect(app.model.requests.at(-1)?.body).toMatchObject({ temperature: 0, seed: -7 });
  const next = await ada.says('On', { conversationId: sendMessage.conversation.id });
  await ada.awaits(next.assistantMessage.id);
  expect(app.model.requests.at(-1)?.body).toMatchObject({ temperature: 0, seed: -7 });
});

const BAD = {
  temperature: [-0.1, 2.1, 1e300],
  topP: [0, 1.1, -1],
  maxTokens: [0, -1],
  systemPrompt: ['x'.repeat(32_001)],
};
for (const [param, values] of Object.entries(BAD)) {
  test(`a ${param} that can't be is refused by name`, async () => {
    const ada = await app.person();
    const { conversation } = await ada.says('Hi');
    for (const value of values) {
      const { errors } = await ada.graphql(SET, {
        id: conversation.id,
        settings: { [param]: value },
      });
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'INVALID', param });
    }
  });
}

test('R36 nobody else sets them', async () => {
  const [ada, eve] = [await app.person(), await app.person()];
  const { conversation } = await ada.says('Hi');
  expect(await eve.refusal(SET, { id: conversation.id, settings: {} })).toBe('NOT_FOUND');
});
