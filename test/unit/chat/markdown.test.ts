import { expect, test } from 'vitest';
import type { ExportedConversation } from '../../../server/chat/exported-conversation.ts';
import { markdownOf, shownBranch } from '../../../server/chat/markdown.ts';
import { fromOpenai } from '../../../server/chat/openai-export.ts';

const said = (id: string, parentId: string | null): ExportedConversation['messages'][number] => ({
  id,
  parentId,
  role: 'user',
  model: null,
  content: id,
  reasoning: '',
  createdAt: '2026-01-01T00:00:00.000Z',
  uploads: [],
});

const conversation = (over: Partial<ExportedConversation>): ExportedConversation => ({
  title: 'T',
  model: 'm',
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  activeMessageId: null,
  settings: {},
  messages: [said('a', null), said('b', 'a'), said('c', 'a')],
  ...over,
});

test('the branch of the active message is shown, else that of the newest', () => {
  const ids = (over: object) => shownBranch(conversation(over)).map(({ id }) => id);
  expect(ids({ activeMessageId: 'b' })).toEqual(['a', 'b']);
  expect(ids({})).toEqual(['a', 'c']);
  expect(ids({ messages: [] })).toEqual([]);
});

test('a title can not be markup', () => {
  const [first] = markdownOf(conversation({ title: '<img> [x](y) `z`' })).split('\n');
  expect(first).toBe('# \\<img\\> \\[x\\](y) \\`z\\`');
});

test('nodes on a circle are on no branch, and none is followed for ever', () => {
  const message = { author: { role: 'user' }, content: { parts: ['x'] } };
  const mapping = {
    a: { parent: 'b', message },
    b: { parent: 'a', message },
    c: { parent: 'nowhere', message },
  };
  const { messages } = fromOpenai({ mapping, current_node: 'a' });
  expect(messages.map(({ id, parentId }) => [id, parentId])).toEqual([['c', null]]);
});
