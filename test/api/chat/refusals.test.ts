import { expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { testApp } from '../../support/app.ts';
import { startFakeModel } from '../../support/fake-model.ts';

const SEND = `mutation ($model: String!) {
  sendMessage(input: { model: $model, content: "Hello" }) { conversation { id } }
}`;

const refusal = (person: Person, model = 'fake') => person.refusal(SEND, { model });

test('ACKNOWLEDGEMENT_NEEDED, FORBIDDEN, NOT_FOUND: a model that may not be asked is not asked', async () => {
  const model = await startFakeModel();
  const free = { input_cost_per_million: 0, output_cost_per_million: 0 };
  const endpoints = [{ url: model.url, api_key: 'key', model: 'fake-1' }];
  const rules = { allowed: ['delicate', 'off'], blocked: ['secret'] };
  const groups = { default: { max: 10, starting: 10, model_access: rules } };
  const app = await testApp({
    model,
    config: {
      models: [
        { name: 'delicate', needs_ack: true, ...free, endpoints },
        { name: 'secret', ...free, endpoints },
        { name: 'off', disabled: true, ...free, endpoints },
      ],
      groups,
    },
  });
  const ada = await app.person();

  expect(await refusal(ada, 'delicate')).toBe('ACKNOWLEDGEMENT_NEEDED');
  expect(await refusal(ada, 'secret')).toBe('FORBIDDEN');
  expect(await refusal(ada, 'off')).toBe('NOT_FOUND');
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

test('FORBIDDEN: whoever has no budget at all is told so, and the model is not asked', async () => {
  const groups = { default: { model_access: { default: 'allowed' } } };
  const app = await testApp({ config: { groups } });
  const ada = await app.person();

  const answer = await ada.awaits((await ada.says('Hello')).assistantMessage.id);

  expect(answer).toMatchObject({ status: 'FAILED', failure: { code: 'FORBIDDEN' }, cost: null });
  expect(answer.failure?.message).toMatch(/no budget/);
  expect(app.model.requests).toEqual([]);
});
