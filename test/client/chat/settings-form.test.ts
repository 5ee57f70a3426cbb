import { expect, test } from 'vitest';
import { formOf, settingsCount, settingsOf } from '../../../client/src/lib/chat/settings-form.ts';

const unset = {
  systemPrompt: null,
  temperature: null,
  topP: null,
  maxTokens: null,
  seed: null,
  reasoningEffort: null,
};

test('what is left empty is unset, and zero is not empty', () => {
  expect(settingsOf(formOf(undefined))).toEqual(unset);
  expect(settingsOf({ ...formOf(undefined), temperature: '0', systemPrompt: '  ' })).toEqual({
    ...unset,
    temperature: 0,
  });
});

test('settings come back from the form as they were', () => {
  const settings = {
    systemPrompt: 'Be brief.',
    temperature: 0.7,
    topP: 1,
    maxTokens: 100,
    seed: 7,
    reasoningEffort: 'LOW' as const,
  };
  expect(settingsOf(formOf(settings))).toEqual(settings);
  expect(settingsCount(settings)).toBe(6);
  expect(settingsCount(unset)).toBe(0);
});
