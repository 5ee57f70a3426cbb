import { expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { testApp } from '../../support/app.ts';
import { startFakeModel } from '../../support/fake-model.ts';

const SEND = `mutation ($model: String!) {
  sendMessage(input: { model: $model, content: "Hello" }) { conversation { id } }
}`;

const refusal = (person: Person, model = 'fake') => person.refusal(SEND, { model });

test('ACKNOWLEDGEMENT_NEEDED, NOT_FOUND: a model says why it can’t be asked', async () => {
  const model = await startFakeModel();
  const endpoints = [{ url: model.url, api_key: 'key', model: 'fake-1' }];
  const rules = { delicate: 'allowed', secret: 'blocked', off: 'allowed' };
  const groups = { default: { max: 10, starting: 10, model_access: rules } };
  const app = await testApp({
    model,
    config: {
      models: [
        { name: 'delicate', needs_ack: true, endpoints },
        { name: 'secret', endpoints },
        { name: 'off', disabled: true, endpoints },
      ],
      groups,
    },
  });
  const ada = await app.person();

  expect(await refusal(ada, 'delicate')).toBe('ACKNOWLEDGEMENT_NEEDED');
  expect(await refusal(ada, 'secret')).toBe('NOT_FOUND');
  expect(await refusal(ada, 'off')).toBe('MODEL_UNAVAILABLE');
  expect(model.requests).toEqual([]);
  await model.close();
});

test('FORBIDDEN: a disabled account is refused at every door, also with what was open', async () => {
  const app = await testApp();
  const ada = await app.person();
  const script = await ada.withKey();
  await app.rows('UPDATE account SET is_active = false WHERE email = $1', ada.email);

  const { status, errors } = await ada.graphql('{ viewer { id } }');

  expect([status, errors?.[0]?.extensions.code]).toEqual([403, 'FORBIDDEN']);
  expect(await refusal(script)).toBe('FORBIDDEN');
  await expect(script.subscribes('{ viewer { id } }').next()).rejects.toMatchObject({
    code: 4403,
    reason: expect.stringMatching(/^FORBIDDEN: /),
  });
});

test('BUDGET_SPENT: a turn without coins never reaches the model, and says when there are more', async () => {
  const groups = {
    default: { max: 1, refresh: 1, starting: 0, model_access: { default: 'allowed' } },
  };
  const app = await testApp({ config: { groups } });
  const ada = await app.person();

  const sent = await ada.says('Anything left?');
  const answer = await ada.awaits(sent.assistantMessage.id);

  expect(answer).toMatchObject({ status: 'FAILED', failure: { code: 'BUDGET_SPENT' }, cost: null });
  expect(app.model.requests).toEqual([]);
  const { messages } = await ada.conversation(sent.conversation.id);
  expect(messages[0]).toMatchObject({ content: 'Anything left?' });
});

test('FORBIDDEN: whoever has no budget at all is told so', async () => {
  const app = await testApp({ config: { groups: {} } });
  const ada = await app.person();
  const code = await refusal(ada);
  if (code !== undefined) return expect(code).toBe('NOT_FOUND');
  throw new Error('a model without any rule was open to all');
});
