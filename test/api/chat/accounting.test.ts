import { afterAll, expect, test } from 'vitest';
import { startApp } from '../../support/app.ts';
import { answers } from '../../support/fake-model.ts';

const app = await startApp();
afterAll(app.close);

const TEXT = 'Forty characters of an answer, or about.';

/** What the request log says of an answer. */
async function logged(id: string): Promise<Record<string, unknown> | undefined> {
  const columns = 'is_estimated, input_tokens, output_tokens, cost, outcome';
  const [row] = await app.rows(`SELECT ${columns} FROM request_log WHERE id = $1`, id);
  return row;
}

test('R3: the message, the request log and the pool agree about an answer', async () => {
  const ada = await app.person();
  app.model.answerNext(
    answers({ texts: [TEXT], usage: { prompt_tokens: 30, completion_tokens: 20 } }),
  );

  const { id } = await ada.awaits((await ada.says('How much?')).assistantMessage.id);

  const counted = { input_tokens: 30, output_tokens: 20, cost: 70_000n, outcome: 'finished' };
  expect(await logged(id)).toEqual({ ...counted, is_estimated: false });
  const { inputTokens, outputTokens, cost } = await ada.awaits(id);
  expect([inputTokens, outputTokens, cost]).toEqual([30, 20, '0.07']);
  expect(await ada.pool()).toEqual({ left: 9.93, held: 0 });
});

test('R7: a model that never counts is counted for, and the request is flagged', async () => {
  const ada = await app.person();
  app.model.answerNext(answers({ texts: [TEXT], usage: null }));

  const { id, outputTokens, inputTokens } = await ada.awaits(
    (await ada.says('How much?')).assistantMessage.id,
  );

  expect(outputTokens).toBe(10);
  expect(inputTokens).toBeGreaterThan(0);
  expect(await logged(id)).toMatchObject({ is_estimated: true, output_tokens: 10 });
});

test('R7: a count of nothing is believed', async () => {
  const ada = await app.person();
  app.model.answerNext(
    answers({ texts: [TEXT], usage: { prompt_tokens: 0, completion_tokens: 0 } }),
  );

  const { id } = await ada.awaits((await ada.says('How much?')).assistantMessage.id);

  expect(await logged(id)).toMatchObject({ is_estimated: false, output_tokens: 0, cost: 0n });
  expect(await ada.pool()).toEqual({ left: 10, held: 0 });
});

const HOSTILE: Record<string, unknown> = {
  'negative counts': { prompt_tokens: -1_000_000, completion_tokens: -1 },
  'counts that are no numbers': { prompt_tokens: 'NaN', completion_tokens: null },
  'counts beyond all reason': { prompt_tokens: 1e15, completion_tokens: 1e15 },
  'counts beyond what the log holds': { prompt_tokens: 2 ** 31, completion_tokens: 2 ** 31 },
  'broken counts': { prompt_tokens: 0.5, completion_tokens: 1e-9 },
  'no object': 'many',
};

for (const [name, usage] of Object.entries(HOSTILE)) {
  test(`R8: a model that states ${name} is counted for`, async () => {
    const ada = await app.person();
    app.model.answerNext(answers({ texts: [TEXT], usage }));

    const message = await ada.awaits((await ada.says('How much?')).assistantMessage.id);

    expect(message).toMatchObject({ status: 'FINISHED', content: TEXT, outputTokens: 10 });
    expect(await logged(message.id)).toMatchObject({ is_estimated: true, output_tokens: 10 });
    const { left, held } = await ada.pool();
    expect([left, held]).toEqual([(10e6 - Math.round(Number(message.cost) * 1e6)) / 1e6, 0]);
  });
}
