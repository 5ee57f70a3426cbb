import { beforeEach, expect, test, vi } from 'vitest';
import { forget, sentOf } from '../../../client/src/lib/chat/sent.ts';

const letter = { conversationId: 'c1', text: 'Hello', lastId: 'm1' };

beforeEach(() => {
  const store = new Map<string, string>();
  vi.stubGlobal('sessionStorage', {
    getItem: (slot: string) => store.get(slot) ?? null,
    setItem: (slot: string, text: string) => store.set(slot, text),
    removeItem: (slot: string) => store.delete(slot),
  });
});

test('a message whose fate is not known is sent again with its key, and told from what came since', () => {
  const sent = sentOf(letter);
  expect(sent.key).toMatch(/^[\w+/]{24}$/);
  expect(sentOf({ ...letter, lastId: 'm2' })).toEqual(sent);
});

test('another text, another conversation and what follows an answer get keys of their own', () => {
  const { key } = sentOf(letter);
  const keys = [sentOf({ ...letter, conversationId: undefined } as never).key];
  forget(letter);
  keys.push(sentOf(letter).key, sentOf({ ...letter, text: 'Bye' }).key);
  expect(new Set([key, ...keys]).size).toBe(4);
});

test('what cannot be read from the store is sent anew', () => {
  sessionStorage.setItem('lumen.sent.c1', '{');
  expect(sentOf(letter).text).toBe('Hello');
});
