import { expect, test } from 'vitest';
import type { ModelChoiceFragment } from '../../../client/src/lib/graphql/generated.ts';
import { obstacle, pick } from '../../../client/src/lib/model/usable.ts';

const model = (name: string, rest: Partial<ModelChoiceFragment> = {}): ModelChoiceFragment => ({
  name,
  description: null,
  status: 'OK',
  access: 'ALLOWED',
  inputCostPerMillion: '1',
  outputCostPerMillion: '1',
  contextWindow: null,
  maxOutputTokens: null,
  ...rest,
});

test('only an allowed model that answers is free of obstacles', () => {
  expect(obstacle(model('a'))).toBeUndefined();
  expect(obstacle(model('a', { status: 'DEGRADED' }))).toBeUndefined();
  for (const status of ['DOWN', 'DISABLED'] as const) {
    expect(obstacle(model('a', { status }))).toBeTypeOf('string');
  }
  for (const access of ['BLOCKED', 'ACKNOWLEDGEMENT_NEEDED'] as const) {
    expect(obstacle(model('a', { access }))).toBeTypeOf('string');
  }
});

test('the first wish that can be had is chosen, else the first usable model', () => {
  const models = [model('down', { status: 'DOWN' }), model('a'), model('b')];
  expect(pick(models, ['down', undefined, 'b'])?.name).toBe('b');
  expect(pick(models, ['down', 'gone'])?.name).toBe('a');
  expect(pick(models.slice(0, 1), [])).toBeUndefined();
});
