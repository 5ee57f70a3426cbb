import { expect, test } from 'vitest';
import { fileOf, piecesOf, readSource } from '../../../client/src/lib/chat/import-pieces.ts';

const said = (id: string, text: unknown) => ({
  id,
  parent: null,
  children: ['z'],
  message: {
    id,
    author: { role: 'user', metadata: { much: true } },
    create_time: 1,
    content: { content_type: 'text', parts: [text] },
    metadata: { model_slug: 'gpt-4o', citations: ['x'.repeat(1_000)] },
  },
});
const chatgpt = (title: string, text = 'Hi') => ({
  title,
  create_time: 1,
  safe_urls: ['https://example.org'],
  mapping: { a: said('a', text) },
});
const piecesIn = (file: unknown) => {
  const source = readSource(JSON.stringify(file));
  if (typeof source === 'string') throw new Error(source);
  return [...piecesOf(source)].map(({ items, tooLong }) => ({
    titles: items.map(({ title }) => title),
    tooLong,
    file: JSON.parse(fileOf(source.form, items)),
  }));
};

test('what can’t be a file of conversations is told apart', () => {
  expect(readSource('PK\u0003\u0004…')).toBe('zip');
  expect(readSource('{"form"')).toBe('not-json');
  for (const other of [
    null,
    7,
    'x',
    {},
    { form: 'other', conversations: [] },
    { conversations: [] },
  ])
    expect(readSource(JSON.stringify(other))).toBe('not-an-export');
});

test('pieces are whole files in the order of the first one, and small', () => {
  const conversations = Array.from({ length: 120 }, (_, n) => ({ title: `C${n}`, messages: [] }));
  const pieces = piecesIn({ form: 'lumen-conversations-1', conversations });
  expect(pieces.map(({ titles }) => titles.length)).toEqual([50, 50, 20]);
  expect(pieces.flatMap(({ file }) => file.conversations)).toEqual(conversations);
  for (const { file } of pieces) expect(file.form).toBe('lumen-conversations-1');

  const large = Array.from({ length: 5 }, (_, n) => chatgpt(`L${n}`, '"'.repeat(150_000)));
  expect(piecesIn(large).map(({ titles }) => titles)).toEqual([
    ['L0'],
    ['L1'],
    ['L2'],
    ['L3'],
    ['L4'],
  ]);
  expect(piecesIn([])).toEqual([]);
});

test('of ChatGPT’s only what is imported is sent, and what is of another shape is left for the server to judge', () => {
  const [piece] = piecesIn([chatgpt('Whales'), 7, { title: 8, mapping: { a: 'x', b: null } }]);
  expect(piece?.titles).toEqual(['Whales', '', '']);
  expect(piece?.file).toEqual([
    {
      title: 'Whales',
      create_time: 1,
      mapping: {
        a: {
          parent: null,
          message: {
            author: { role: 'user' },
            create_time: 1,
            content: { parts: ['Hi'] },
            metadata: { model_slug: 'gpt-4o' },
          },
        },
      },
    },
    7,
    { title: 8, mapping: { a: 'x', b: null } },
  ]);
});

test('a conversation that no request can hold is named, and does not keep the others', () => {
  const [piece] = piecesIn([chatgpt('A'), chatgpt('Huge', 'x'.repeat(4_000_000)), chatgpt('B')]);
  expect(piece?.titles).toEqual(['A', 'B']);
  expect(piece?.tooLong).toEqual(['Huge']);
});
