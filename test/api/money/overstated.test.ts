import { expect, onTestFinished, test } from 'vitest';
import { testApp } from '../../support/app.ts';
import { answers, startFakeModel } from '../../support/fake-model.ts';
import { HELLO, keyOf, post } from '../v1/client.ts';
import { expectCleanBooks } from './audit.ts';

// A token read costs 0.001 coins, one written 0.002; 100 of the latter are held for, and 256 of a template's words.
const LIMITED = { ...HELLO, max_tokens: 100 };
const MOST = 0.5;

test.each([
  ['more than its limit', { prompt_tokens: 10, completion_tokens: 90_000 }],
  ['a longer prompt than was sent', { prompt_tokens: 2_000_000_000, completion_tokens: 5 }],
])(
  'R8 a model server that counts %s is paid what was held, and that is marked and logged',
  async (_what, usage) => {
    const app = await testApp();
    const key = await keyOf(app);
    app.model.answer(answers({ texts: ['Hi'], usage }));
    for (const stream of [false, true])
      await (await post(app, { ...LIMITED, stream }, { key })).text();
    const rows = await app.rows<{ is_estimated: boolean; cost: bigint }>(
      'select * from request_log',
    );
    expect(rows).toHaveLength(2);
    for (const { is_estimated, cost } of rows) {
      expect(is_estimated).toBe(true);
      expect(Number(cost) / 1e6).toBeGreaterThan(0.2);
      expect(Number(cost) / 1e6).toBeLessThan(MOST);
    }
    const warnings = app.log.filter(({ msg }) => msg === 'a model server counted more than can be');
    expect(warnings).toHaveLength(2);
    await expectCleanBooks(app);
  },
);

test('R8 a count that can not be one is no count: the answer is estimated', async () => {
  const app = await testApp();
  const key = await keyOf(app);
  for (const tokens of [-5, 1e15, '7', null, 1.5]) {
    const usage = { prompt_tokens: tokens, completion_tokens: tokens };
    app.model.answerNext(answers({ texts: ['Hello there'], usage }));
    await (await post(app, LIMITED, { key })).text();
    const [row] = await app.rows('select * from request_log order by at desc limit 1');
    expect(row).toMatchObject({ is_estimated: true, output_tokens: 3 });
  }
  await expectCleanBooks(app);
});

test('where nothing is limited, an answer of any length is what its model server counted', async () => {
  const groups = { default: { max: -2, model_access: { default: 'allowed' } } };
  const model = await startFakeModel();
  onTestFinished(() => model.close());
  const prices = { input_cost_per_million: 1000, output_cost_per_million: 2000 };
  const endpoints = [{ url: model.url, api_key: 'upstream-secret', model: 'fake-1' }];
  const models = [{ name: 'fake', ...prices, endpoints }];
  const app = await testApp({ model, config: { groups, models } });
  const key = await keyOf(app);
  const usage = { prompt_tokens: 10, completion_tokens: 90_000 };
  app.model.answer(answers({ texts: ['Hi'], usage }));
  for (const stream of [false, true]) await (await post(app, { ...HELLO, stream }, { key })).text();
  const rows = await app.rows('select output_tokens, is_estimated, cost from request_log');
  const whole = { output_tokens: 90_000, is_estimated: false, cost: 180_010_000n };
  expect(rows).toEqual([whole, whole]);
  expect(app.log.filter(({ level }) => Number(level) >= 40)).toEqual([]);
});
