import { expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';

const DETAILS = `query ($name: String!) { model(name: $name) {
  notice url supportsReasoning supportsFunctionCalling inputModalities outputModalities knowledgeCutoff
  cachedInputCostPerMillion audioCostPerHour } }`;

test('a model tells what the configuration says it can, and null where it says nothing', async () => {
  const app = await testApp({
    config: (model) => {
      const plain = {
        input_cost_per_million: 10,
        output_cost_per_million: 20,
        endpoints: [{ url: model.url, model: 'fake-1' }],
      };
      const told = {
        notice: 'Until *May*.',
        url: 'https://models.example.org/told',
        supports_reasoning: true,
        supports_function_calling: false,
        input_modalities: ['text', 'image'],
        output_modalities: ['text'],
        knowledge_cutoff: '2025-06',
        cached_input_cost_per_million: 0,
        audio_cost_per_hour: 0.1,
      };
      return {
        models: [
          { name: 'plain', ...plain },
          { name: 'told', ...plain, ...told },
        ],
      };
    },
  });
  const ada = await app.person();
  expect(await ada.asks(DETAILS, { name: 'told' })).toEqual({
    model: {
      notice: 'Until *May*.',
      url: 'https://models.example.org/told',
      supportsReasoning: true,
      supportsFunctionCalling: false,
      inputModalities: ['text', 'image'],
      outputModalities: ['text'],
      knowledgeCutoff: '2025-06',
      cachedInputCostPerMillion: '0',
      audioCostPerHour: '0.1',
    },
  });
  const { model } = await ada.asks<{ model: object }>(DETAILS, { name: 'plain' });
  expect(new Set(Object.values(model))).toEqual(new Set([null]));
});
