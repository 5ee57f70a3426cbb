import { expect, test } from 'vitest';
import {
  inSeconds,
  measuredReasoning,
  reasoningMs,
} from '../../../client/src/lib/chat/reasoning-time.ts';

const answer = {
  id: 'm1',
  reasoningMs: null,
  durationMs: 11_000,
  timeToFirstTokenMs: 1_000,
  outputTokens: 100,
  reasoningTokens: 30,
};

test('the time of thoughts that nobody saw is told by their share of the tokens', () => {
  expect(reasoningMs(answer)).toBe(4_000);
  expect(reasoningMs({ ...answer, reasoningTokens: 200 })).toBe(11_000);
  expect(reasoningMs({ ...answer, reasoningTokens: null })).toBeNull();
  expect(reasoningMs({ ...answer, durationMs: null })).toBeNull();
});

test('what was measured here counts until the server tells its own measure', () => {
  measuredReasoning('m2', 2_600);
  expect(reasoningMs({ ...answer, id: 'm2', reasoningMs: 2_500 })).toBe(2_500);
  expect(reasoningMs({ ...answer, id: 'm2' })).toBe(2_600);
});

test.each([
  [120, '1 s'],
  [4_400, '4 s'],
  [60_000, '1 min'],
  [125_000, '2 min 5 s'],
])('%i ms are %s', (ms, text) => {
  expect(inSeconds(ms)).toBe(text);
});
