import { expect, test } from 'vitest';
import { configOf, problemsOf, read } from './read.ts';

const fileOf = (model: string, rest = '') => `
version: 2
models:
  - { name: m, input_cost_per_million: 0, output_cost_per_million: 0, ${model} }
defaults: { models: { access: allowed }, tokens: { max: 1 } }
${rest}`;
const endpointsOf = async (text: string) => (await configOf(text)).models.get('m')?.endpoints;

test('an endpoint has its own patience where it says so, else that of all', async () => {
  const endpoints = await endpointsOf(
    fileOf(
      'endpoints: [{ url: http://a/v1, first_byte_timeout: 0.5 }, { url: http://b/v1 }]',
      'upstream: { idle_timeout: 7 }',
    ),
  );
  expect(endpoints?.map(({ timeouts }) => timeouts)).toEqual([
    { connectTimeoutMs: 5000, firstByteTimeoutMs: 500, idleTimeoutMs: 7000 },
    { connectTimeoutMs: 5000, firstByteTimeoutMs: 120_000, idleTimeoutMs: 7000 },
  ]);
});

test('endpoints take turns, weigh the same and have no limit unless the file says otherwise', async () => {
  const config = await configOf(fileOf('endpoints: [{ url: http://a/v1 }]'));
  expect(config.models.get('m')).toMatchObject({
    rotation: 'round_robin',
    endpoints: [{ weight: 1, concurrencyMax: null }],
  });
});

test('weight, limits and patience do not make another endpoint; address, key and name do', async () => {
  const ids = async (...blocks: string[]) =>
    Promise.all(
      blocks.map(
        async (block) => (await endpointsOf(fileOf(`endpoints: [{ ${block} }]`)))?.[0]?.id,
      ),
    );
  const [plain, weighty, ...others] = await ids(
    'url: http://a/v1',
    'url: http://a/v1, weight: 3, max_concurrent: 2, idle_timeout: 9',
    'url: http://b/v1',
    'url: http://a/v1, api_key: k',
    'url: http://a/v1, model: n',
  );
  expect(weighty).toBe(plain);
  expect(new Set([plain, ...others]).size).toBe(4);
});

test('a rotation that there is not, and a weight or a limit of nothing, are refused with their place', async () => {
  const problems = await problemsOf(
    fileOf('rotation: random, endpoints: [{ url: http://a/v1, weight: 0, max_concurrent: 0 }]'),
  );
  expect(problems).toEqual([
    expect.stringContaining('models[0].rotation: found "random"'),
    expect.stringContaining('models[0].endpoints[0].weight: found 0'),
    expect.stringContaining('models[0].endpoints[0].max_concurrent: found 0'),
  ]);
});

test('whoever writes what has no effect is told so, without the secret', async () => {
  const text = fileOf('endpoints: [{ url: "http://ada:canary@a/v1", weight: 2 }]');
  const { warnings } = await read(text);
  expect(warnings).toEqual([
    'models: m: weight counts only with rotation: weighted.',
    'models: m: a password in the url of an endpoint is not sent; write api_key.',
  ]);
});
