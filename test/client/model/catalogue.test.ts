import { expect, test } from 'vitest';
import {
  arranged,
  capabilitiesOf,
  type ModelEntry,
  pathOf,
} from '../../../client/src/lib/model/catalogue.ts';

const model = (name: string, rest: Partial<ModelEntry> = {}): ModelEntry => ({
  name,
  description: null,
  status: 'OK',
  access: 'ALLOWED',
  acknowledgement: null,
  acknowledgedAt: null,
  inputCostPerMillion: '1',
  outputCostPerMillion: '1',
  contextWindow: null,
  maxOutputTokens: null,
  endpointCount: 1,
  healthyEndpointCount: 1,
  lastCheckedAt: null,
  supportsReasoning: null,
  supportsFunctionCalling: null,
  inputModalities: null,
  outputModalities: null,
  ...rest,
});
const wish = { words: '', capability: '', by: 'name', descending: false } as const;
const names = (models: readonly ModelEntry[]) => models.map(({ name }) => name);

test('models are found by name and description, and by what they can', () => {
  const models = [
    model('b', { description: 'Reads PICTURES', inputModalities: ['text', 'image'] }),
    model('a'),
  ];
  expect(names(arranged(models, { ...wish, words: ' pictures ' }))).toEqual(['b']);
  expect(names(arranged(models, { ...wish, capability: 'reads image' }))).toEqual(['b']);
  expect(capabilitiesOf(model('a', { inputModalities: ['text'] }))).toEqual([]);
});

test('prices are ordered as numbers, and models of one price by name', () => {
  const models = [
    model('c', { inputCostPerMillion: '9' }),
    model('b', { inputCostPerMillion: '10' }),
    model('a', { inputCostPerMillion: '9' }),
  ];
  expect(names(arranged(models, { ...wish, by: 'input' }))).toEqual(['a', 'c', 'b']);
  expect(names(arranged(models, { ...wish, by: 'input', descending: true }))).toEqual([
    'b',
    'a',
    'c',
  ]);
});

test('a name with a slash reads so in its address, and nothing else gets out of it', () => {
  expect(pathOf('org/model 1?x')).toBe('/models/org/model%201%3Fx');
});
