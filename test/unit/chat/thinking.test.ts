import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Thinking } from '../../../server/chat/thinking.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('thinking lasts from the first thought to the first word', () => {
  const thinking = new Thinking();
  vi.advanceTimersByTime(1_000);
  thinking.note('', 'Hmm');
  vi.advanceTimersByTime(4_000);
  thinking.note('So', '');
  vi.advanceTimersByTime(9_000);
  thinking.note(' it is', 'but wait');
  expect(thinking.ms).toBe(4_000);
});

test('thoughts without an answer last until the last of them', () => {
  const thinking = new Thinking();
  thinking.note('', 'Hmm');
  vi.advanceTimersByTime(2_000);
  thinking.note('', 'Hmm');
  vi.advanceTimersByTime(2_000);
  expect(thinking.ms).toBe(2_000);
});

test('an answer without thoughts took no time to think', () => {
  const thinking = new Thinking();
  expect(thinking.ms).toBeNull();
  thinking.note('At once', '');
  thinking.note('', 'an afterthought');
  expect(thinking.ms).toBeNull();
});
