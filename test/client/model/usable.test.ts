import { expect, test } from 'vitest';
import type { ModelChoiceFragment } from '../../../client/src/lib/graphql/generated.ts';
import { needsAcknowledgement, obstacle, pick } from '../../../client/src/lib/model/usable.ts';

const model = (name: string, rest: Partial<ModelChoiceFragment> = {}): ModelChoiceFragment => ({
  name,
  description: null,
  status: 'OK',
  access: 'ALLOWED',
  acknowledgement: null,
  inputCostPerMillion: '1',
  outputCostPerMillion: '1',
  contextWindow: null,
  maxOutputTokens: null,
  ...rest,
});

test('a model is in the way only when no yes of the viewer could open it', () => {
  expect(obstacle(model('a'))).toBeUndefined();
  expect(obstacle(model('a', { status: 'DEGRADED' }))).toBeUndefined();
  expect(obstacle(model('a', { access: 'ACKNOWLEDGEMENT_NEEDED' }))).toBeUndefined();
  expect(obstacle(model('a', { access: 'BLOCKED' }))).toBeTypeOf('string');
  for (const status of ['DOWN', 'DISABLED'] as const) {
    expect(obstacle(model('a', { status }))).toBeTypeOf('string');
  }
});

test('the first wish that can be had is chosen, else the first model that asks for nothing', () => {
  const asking = model('asking', { access: 'ACKNOWLEDGEMENT_NEEDED' });
  const models = [model('down', { status: 'DOWN' }), asking, model('a'), model('b')];
  expect(pick(models, ['down', undefined, 'b'])?.name).toBe('b');
  expect(pick(models, ['asking'])?.name).toBe('asking');
  expect(pick(models, ['down', 'gone'])?.name).toBe('a');
  expect(pick(models.slice(0, 2), [])?.name).toBe('asking');
  expect(pick(models.slice(0, 1), [])).toBeUndefined();
  expect(needsAcknowledgement(asking)).toBe(true);
});
