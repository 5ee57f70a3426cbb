import { expect, test } from 'vitest';
import { chatSettings, parametersOf } from '../../../server/chat/chat-settings.ts';
import { promptOf } from '../../../server/chat/history.ts';

test('what is not set is left to the model', () => {
  expect(chatSettings({ temperature: null, systemPrompt: '  ' })).toEqual({});
  expect(parametersOf({})).toEqual({});
  expect(parametersOf(chatSettings({ temperature: 0, seed: 0 }))).toEqual({
    temperature: 0,
    seed: 0,
  });
});

test('a setting that no model server knows is dropped', () => {
  const wish = { topP: 0.5, model: 'gpt-9', stream: false };
  expect(chatSettings(wish)).toEqual({ topP: 0.5 });
});

test('the system prompt stands first, and the beginning of an answer last', () => {
  const history = [{ role: 'user', content: 'Count' } as const];
  const roles = promptOf({ settings: { systemPrompt: 'Be brief.' }, beginning: 'One' }, history);
  expect(roles.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
  expect(promptOf({ settings: {}, beginning: '' }, history)).toEqual(history);
});
