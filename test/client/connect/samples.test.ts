import { expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  continueSample,
  graphqlSample,
  openCodeSample,
} from '../../../client/src/lib/connect/samples.ts';

const ORIGIN = 'https://lumen.example.edu';
const model = {
  name: 'org/a "b"',
  contextWindow: 8192,
  maxOutputTokens: null,
  inputCostPerMillion: '0.5',
  outputCostPerMillion: '1.5',
};

test('the settings of OpenCode name each model with its limits and prices, and hold no key', () => {
  const settings = JSON.parse(openCodeSample(ORIGIN, 'Our AI', [model]));
  expect(settings.provider.ourai).toEqual({
    npm: '@ai-sdk/openai-compatible',
    name: 'Our AI',
    options: { baseURL: `${ORIGIN}/v1`, apiKey: '{env:LUMEN_API_KEY}' },
    models: {
      'org/a "b"': {
        name: 'org/a "b" via Our AI',
        limit: { context: 8192, output: 8192 },
        cost: { input: 0.5, output: 1.5 },
      },
    },
  });
  expect(Object.keys(JSON.parse(openCodeSample(ORIGIN, '研究', [])).provider)).toEqual(['lumen']);
});

test('the settings of Continue stay one document, whatever the model is called', () => {
  expect(parse(continueSample(ORIGIN, 'Our: AI', 'org/a "b"')).models).toEqual([
    expect.objectContaining({ model: 'org/a "b"', apiBase: `${ORIGIN}/v1`, provider: 'openai' }),
  ]);
});

test('the first query of GraphQL is sent as JSON', () => {
  const [, body = ''] = /-d '(.*)'/.exec(graphqlSample(ORIGIN)) ?? [];
  expect(JSON.parse(body).query).toContain('viewer');
});
