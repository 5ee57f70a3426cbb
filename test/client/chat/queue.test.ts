import { beforeEach, expect, test, vi } from 'vitest';
import { Queue } from '../../../client/src/lib/chat/queue.svelte.ts';

let kept: Map<string, string>;

beforeEach(() => {
  kept = new Map();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => kept.set(key, text),
    removeItem: (key: string) => kept.delete(key),
  });
});

const textsOf = (queue: Queue) => queue.items.map((item) => item.text);

test('messages are sent in the order in which they were written, as they read at last', () => {
  const queue = new Queue('c1');
  queue.add({ text: 'first', files: [] });
  queue.add({ text: 'second', files: [] });
  const first = queue.next;
  if (!first) throw new Error('empty');
  queue.change(first.id, 'first, changed');
  expect(queue.next?.text).toBe('first, changed');
  queue.remove(first.id);
  expect(queue.next?.text).toBe('second');
});

test('a reload loses nothing, and sends nothing by itself', () => {
  const queue = new Queue('c1');
  queue.add({ text: 'first', files: [] });
  queue.add({ text: 'second', files: [] });
  expect(queue.isHeld).toBe(false);
  const reloaded = new Queue('c1');
  expect(textsOf(reloaded)).toEqual(['first', 'second']);
  expect(reloaded.isHeld).toBe(true);
  expect(textsOf(new Queue('c2'))).toEqual([]);
});

test('nothing is left behind when all is sent, and an emptied message is never sent', () => {
  const queue = new Queue('c1');
  queue.add({ text: 'first', files: [] });
  const [item] = queue.items;
  if (!item) throw new Error('empty');
  queue.change(item.id, ' ');
  expect(queue.next).toBeUndefined();
  queue.remove(item.id);
  expect(kept.size).toBe(0);
});

test('what somebody else stored there is no reason to fail', () => {
  kept.set('lumen.queue.c1', '{"a":');
  kept.set('lumen.queue.c2', '[1, "two"]');
  expect(textsOf(new Queue('c1'))).toEqual([]);
  expect(textsOf(new Queue('c2'))).toEqual(['two']);
});
