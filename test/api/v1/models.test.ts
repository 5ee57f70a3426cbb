import { NotFoundError } from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import { answers } from '../../support/fake-model.ts';
import { sdkOf } from './client.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({
    config: ({ url }) => {
      const model = (name: string, more: object = {}) => ({
        name,
        input_cost_per_million: 1,
        output_cost_per_million: 2.5,
        endpoints: [{ url, model: 'fake-1' }],
        ...more,
      });
      return {
        models: [
          model('org/large model', {
            context_window: 32_000,
            description: 'Large.',
            audio_cost_per_hour: 0.36,
          }),
          model('down', { endpoints: [{ url, model: 'not-served' }] }),
          model('half', { endpoints: [{ url }, { url, model: 'fake-1' }] }),
          model('off', { disabled: true }),
          model('secret', { access: 'blocked' }),
          model('terms', { needs_ack: true }),
        ],
      };
    },
  });
});
afterAll(() => app.close());

test('the list names what the account may use, in the fields of OpenAI and of vLLM', async () => {
  const openai = await sdkOf(app);
  const { data } = await openai.models.list();
  expect(data.map(({ id }) => id)).toEqual(['down', 'half', 'org/large model']);
  expect(data.at(-1)).toEqual({
    id: 'org/large model',
    object: 'model',
    created: expect.any(Number),
    owned_by: 'lumen',
    root: 'fake-1',
    parent: null,
    max_model_len: 32_000,
    status: 'ok',
    input_cost_per_million: 1,
    output_cost_per_million: 2.5,
    instances: { configured: 1, healthy: 1 },
    requests: { last_minute: 0, last_hour: 0, last_day: 0 },
    audio_cost_per_hour: 0.36,
    description: 'Large.',
  });
  expect(data.map((model) => 'status' in model && model.status)).toEqual([
    'down',
    'degraded',
    'ok',
  ]);
});

test('a model is found by its name, slashes and spaces included', async () => {
  const openai = await sdkOf(app);
  expect(await openai.models.retrieve('org/large model')).toMatchObject({ id: 'org/large model' });
  const unescaped = await fetch(`${app.url}/v1/models/org/large%20model`, {
    headers: { authorization: `Bearer ${openai.apiKey}` },
  });
  expect(await unescaped.json()).toMatchObject({ id: 'org/large model' });
});

test.each(['nothing', 'off', 'secret', 'terms', '__proto__', 'x'.repeat(5_000)])(
  'a model that the account may not use is one that does not exist: %.20s',
  async (name) => {
    const openai = await sdkOf(app);
    const error = await openai.models.retrieve(name).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({ status: 404, code: 'model_not_found', param: 'model' });
  },
);

test('the name with a slash is the one that answers', async () => {
  app.model.answer(answers({ texts: ['Hi'] }));
  const openai = await sdkOf(app);
  const answer = await openai.chat.completions.create({
    model: 'org/large model',
    messages: [{ role: 'user', content: 'Hello' }],
  });
  expect(answer.model).toBe('org/large model');
  expect(app.model.requests.at(-1)?.body.model).toBe('fake-1');
});

test('each model says how often everybody asked for it lately', async () => {
  app.model.answer(answers({ texts: ['Hi'] }));
  const [ada, ben] = [await sdkOf(app), await sdkOf(app)];
  for (const openai of [ada, ben])
    await openai.chat.completions.create({
      model: 'half',
      messages: [{ role: 'user', content: 'Hello' }],
    });
  const requests = async () => {
    const model = await ada.models.retrieve('half');
    return 'requests' in model ? model.requests : null;
  };
  await expect
    .poll(requests, { timeout: 15_000, interval: 500 })
    .toEqual({ last_minute: 2, last_hour: 2, last_day: 2 });
});
