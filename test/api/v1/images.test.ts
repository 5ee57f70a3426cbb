import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp, testApp } from '../../support/app.ts';
import { responds } from '../../support/fake-model.ts';
import { expectCleanBooks } from '../money/audit.ts';
import { billOf } from './audio.ts';
import { sdkOf } from './client.ts';

let app: TestApp;
beforeAll(async () => {
  const groups = { default: { max: 100, refresh: 0, model_access: { default: 'allowed' } } };
  app = await startApp({ config: { groups } });
});
afterAll(() => app.close());

const CAT = { model: 'fake', prompt: 'A cat', size: '1024x1024' as const };
const data = [{ b64_json: 'iVBORw0KGgo=' }];

test('an image is paid by the tokens that the model server counted', async () => {
  const usage = { input_tokens: 10, output_tokens: 1_000, total_tokens: 1_010 };
  app.model.answer(responds(200, { created: 0, data, usage }));
  const openai = await sdkOf(app);
  const answer = await openai.images.generate({ ...CAT, quality: 'high' });
  expect(answer.data).toEqual(data);
  expect(app.model.requests.at(-1)?.body).toEqual({ ...CAT, quality: 'high', model: 'fake-1' });
  const bill = { output_tokens: 1_000, is_estimated: false, cost: 2_010_000n };
  expect(await billOf(app, answer._request_id)).toMatchObject(bill);
  await expectCleanBooks(app);
});

test('where nobody counts, each image is taken for the dearest', async () => {
  app.model.answer(responds(200, { created: 0, data: [...data, ...data] }));
  const openai = await sdkOf(app);
  const answer = await openai.images.generate({ ...CAT, n: 2 });
  const bill = { output_tokens: 12_480, is_estimated: true };
  expect(await billOf(app, answer._request_id)).toMatchObject(bill);
});

test('images can not be cut short: who can not pay for the dearest gets none', async () => {
  const poor = await testApp();
  const openai = await sdkOf(poor);
  await expect(openai.images.generate(CAT)).rejects.toMatchObject({ code: 'insufficient_quota' });
  expect(poor.model.requests).toEqual([]);
});
