import { expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';
import { answers } from '../../support/fake-model.ts';

test('a turn is answered, stored, and paid for once', async () => {
  const app = await testApp();
  const ada = await app.person();
  const usage = { prompt_tokens: 100, completion_tokens: 50 };
  app.model.answer(answers({ texts: ['Hello ', 'Ada'], usage }));

  const sent = await ada.says('Hi there');
  const answer = await ada.awaits(sent.assistantMessage.id);

  const paid = { cost: '0.2', inputTokens: 100, outputTokens: 50 };
  expect(answer).toMatchObject({ status: 'FINISHED', content: 'Hello Ada', ...paid });
  expect(sent.conversation.title).toBe('Hi there');
  expect(await ada.pool()).toEqual({ left: 9.8, held: 0 });
});
