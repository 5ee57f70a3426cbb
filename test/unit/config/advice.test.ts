import { expect, test } from 'vitest';
import { read, withModels } from './read.ts';

test('a rule for a model that is not there is a warning that names both', async () => {
  const { warnings } = await read(
    withModels(
      'groups: { g: { max: 1, model_access: { allowed: [small, lama] } } }\nusers: { a@x: { model_access: { blocked: [qwen] } } }\nprojects: { p: { model_access: { allowed: [large] } } }',
    ),
  );
  expect(warnings).toEqual([
    'groups.g.model_access: there is no model "lama".',
    'users.a@x.model_access: there is no model "qwen".',
  ]);
});
