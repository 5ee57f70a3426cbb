import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { testApp } from '../../support/app.ts';

/** A model server that lists one model so. */
async function lists(entry: object): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ object: 'list', data: [{ id: 'm', ...entry }] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

const METADATA = `query ($model: String!) { endpointMetadata(model: $model) {
  model endpoints { host owner error } changes { setting configured offered } yaml } }`;

test('endpoints say what the configuration could, the smallest of each holds, and nothing is changed', async () => {
  const [large, small] = [
    await lists({
      owned_by: 'vllm',
      max_model_len: 32_768,
      capabilities: { function_calling: true },
    }),
    await lists({ owned_by: 'vllm', max_model_len: 16_384 }),
  ];
  const closed = 'http://127.0.0.1:1/v1';
  const model = (name: string, urls: readonly string[], more: object = {}) => ({
    name,
    input_cost_per_million: 1,
    output_cost_per_million: 1,
    endpoints: urls.map((url) => ({ url, model: 'm' })),
    ...more,
  });
  const app = await testApp({
    config: {
      models: [
        model('many', [large, small, closed], { context_window: 8_192 }),
        model('known', [small], { context_window: 16_384 }),
      ],
    },
  });
  const admin = await app.person('dev@example.com');
  const proposal = async (name: string) =>
    (await admin.asks<{ endpointMetadata: object }>(METADATA, { model: name })).endpointMetadata;
  expect(await proposal('many')).toEqual({
    model: 'many',
    endpoints: [
      { host: new URL(large).host, owner: 'vllm', error: null },
      { host: new URL(small).host, owner: 'vllm', error: null },
      { host: '127.0.0.1:1', owner: null, error: 'It could not be reached.' },
    ],
    changes: [
      { setting: 'context_window', configured: '8192', offered: '16384' },
      { setting: 'supports_function_calling', configured: null, offered: 'true' },
    ],
    yaml: 'context_window: 16384\nsupports_function_calling: true\n',
  });
  expect(await proposal('known')).toMatchObject({ changes: [], yaml: '' });
  expect(await admin.asks('{ model(name: "many") { contextWindow } }')).toEqual({
    model: { contextWindow: 8_192 },
  });
  expect(await admin.refusal(METADATA, { model: 'unheard-of' })).toBe('NOT_FOUND');
  expect(await (await app.person()).refusal(METADATA, { model: 'many' })).toBe('FORBIDDEN');
});
