import { Lexer } from 'marked';
import { expect, test, vi } from 'vitest';
import {
  type Block,
  BlockSplitter,
  diagramIn,
} from '../../../client/src/lib/ui/markdown/blocks.ts';
import { markdownWith } from '../../../client/src/lib/ui/markdown/render.ts';

const reader = markdownWith({ formula: undefined, highlight: undefined });

const answer = `# Title 🎓

A paragraph
over two lines with $x^2$.

- one
- two

  still two
    - nested

1. first

2. second
   \`\`\`sh
   echo in a list
   \`\`\`

| a | b |
|---|---|
| 1 | 2 |

$$
x = \\frac{1}{2}
$$

~~~python title=x
print("\`\`\`")

# no heading
~~~
> quote
> more

Setext
---
[link]: https://example.org
last`;

const textOf = (block: Block) => (block.kind === 'markdown' ? block.text : '');

function split(chunks: readonly string[]): BlockSplitter {
  const splitter = new BlockSplitter(reader);
  for (const chunk of chunks) splitter.append(chunk);
  return splitter;
}

function htmlOf(splitter: BlockSplitter): string {
  const blocks = [...splitter.finished, ...(splitter.last ? [splitter.last] : [])];
  return blocks.map((block) => reader.parse(textOf(block), { async: false })).join('');
}

test('the blocks of a text together give what the whole text gives', () => {
  expect(htmlOf(split([answer]))).toBe(reader.parse(answer, { async: false }));
});

test.each([1, 2, 3, 5, 8, 13, 40])('chunks of %i characters make the same page', (size) => {
  const chunks = answer.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? [];
  expect(htmlOf(split(chunks))).toBe(htmlOf(split([answer])));
});

test('a finished block stays the very same object whatever follows', () => {
  const splitter = split(['# One\n\nTwo.\n\nThree']);
  const before = [...splitter.finished];
  expect(before.map(textOf)).toEqual(['# One']);
  splitter.append(' goes on.\n\nFour.\n\n- five\n');
  expect(splitter.finished.map(textOf)).toEqual(['# One', 'Two.', 'Three goes on.', 'Four.']);
  expect(splitter.finished[0]).toBe(before[0]);
});

test('an open fence is code line by line, and one block when it is closed', () => {
  const splitter = split(['Look:\n```js\nlet a = "# no heading";\n', 'let b']);
  expect(splitter.finished.map(textOf)).toEqual(['Look:\n']);
  expect(splitter.last).toEqual({
    kind: 'openCode',
    language: 'js',
    parts: ['let a = "# no heading";\nlet b'],
  });
  splitter.append(' = 1;\n```\nafter');
  expect(splitter.finished.map(textOf).at(-1)).toBe(
    '```js\nlet a = "# no heading";\nlet b = 1;\n```\n',
  );
  expect(splitter.last).toEqual({ kind: 'markdown', text: 'after' });
});

test('of long code only the last part changes', () => {
  const splitter = split(['```\n', 'line\n'.repeat(100)]);
  const before = splitter.last;
  splitter.append('more');
  const after = splitter.last;
  if (before?.kind !== 'openCode' || after?.kind !== 'openCode') throw new Error('no code');
  expect(after.parts.length).toBe(3);
  expect(after.parts.slice(0, 2)).toEqual(before.parts.slice(0, 2));
  expect(after.parts.join('')).toBe(`${'line\n'.repeat(100)}more`);
});

test('a list goes on after an empty line, whatever part of the next item has come', () => {
  const splitter = split(['1. one\n\n2']);
  expect(splitter.finished).toEqual([]);
  splitter.append('. two\n');
  expect(splitter.finished).toEqual([]);
});

test('what is pending stays short in a long answer of many blocks', () => {
  const splitter = new BlockSplitter(reader);
  for (let i = 0; i < 2_000; i++) splitter.append(`Paragraph ${i} with some words.\n\n`);
  expect(splitter.finished.length).toBe(1_999);
  expect(splitter.last).toEqual({
    kind: 'markdown',
    text: 'Paragraph 1999 with some words.\n\n',
  });
});

test('a long list is finished in parts, which together are the whole list', () => {
  const items = Array.from({ length: 200 }, (_, at) => `${at + 1}. item **${at + 1}**\n`);
  const splitter = split(items);
  expect(splitter.finished.length).toBeGreaterThan(2);
  const html = htmlOf(splitter).replaceAll(/<\/ol>\n<ol start="\d+">\n/g, '');
  expect(html).toBe(reader.parse(items.join(''), { async: false }));
});

const SECTIONS = [
  'A paragraph of some twenty words, which is about what models write before they begin another one, $x^2$.\n\n',
  '- one\n- two\n- three\n',
  '\n```js\nconst a = 1;\nconst b = 2;\n```\n\n',
  '| a | b |\n|---|---|\n| 1 | 2 |\n\n',
  '1. step\n',
];

test.each([
  ['sections of all kinds', SECTIONS.join('')],
  ['one long list', '- an item with some words\n'],
  ['one long block of code', 'let line = 1;\n'],
  ['paragraphs', 'Some words that go on.\n\n'],
])('a chunk costs the same at the end of 20,000 tokens as at their start: %s', (name, section) => {
  const start = name === 'one long block of code' ? '```js\n' : '';
  const text = start + section.repeat(Math.ceil(80_000 / section.length));
  const chunks = text.match(/[\s\S]{1,4}/g) ?? [];
  const lexed = vi.spyOn(Lexer.prototype, 'blockTokens');
  const splitter = new BlockSplitter(reader);
  /** Characters that were looked at while this many chunks came: by the splitter, and in drawing the last block. */
  const workOf = (part: readonly string[]) => {
    lexed.mockClear();
    let drawn = 0;
    for (const chunk of part) {
      splitter.append(chunk);
      const { last } = splitter;
      drawn +=
        last?.kind === 'openCode'
          ? (last.parts.at(-1)?.length ?? 0)
          : (last ? textOf(last) : '').length;
    }
    return drawn + lexed.mock.calls.reduce((sum, [source]) => sum + source.length, 0);
  };
  const early = workOf(chunks.slice(0, 4_000));
  workOf(chunks.slice(4_000, -4_000));
  const late = workOf(chunks.slice(-4_000));
  lexed.mockRestore();
  expect(early).toBeGreaterThan(0);
  expect(late).toBeLessThan(early * 1.2);
});

test('a closing fence at the very end closes the code, with and without the end of its line', () => {
  const code = '```js\na\n```';
  expect(split([code]).last).toEqual({ kind: 'markdown', text: `${code}\n` });
  expect(split([`${code}\n`]).finished).toEqual([{ kind: 'markdown', text: `${code}\n` }]);
  expect(split([`${code}x`]).last?.kind).toBe('openCode');
});

test('a diagram is a closed fence of mermaid and nothing else', () => {
  expect(diagramIn('```mermaid\ngraph TD\n\nA-->B\n```\n')).toBe('graph TD\n\nA-->B');
  expect(diagramIn('  ~~~ mermaid\ngraph TD\n~~~~')).toBe('graph TD');
  for (const text of [
    '```mermaid\ngraph TD',
    '```mermaids\nA\n```',
    '```js\nA\n```',
    'mermaid',
    '',
  ])
    expect(diagramIn(text)).toBeUndefined();
});

test('a paragraph without end is finished piece by piece, and nothing of it is lost', () => {
  const splitter = new BlockSplitter(reader);
  const text = `${'word word word\n'.repeat(250)}\nend`;
  splitter.append(text);
  expect(splitter.finished).toHaveLength(2);
  const shown = [...splitter.finished, splitter.last].map((block) =>
    block?.kind === 'markdown' ? block.text : '',
  );
  expect(shown.join('').replaceAll('\n', '')).toBe(text.replaceAll('\n', ''));
});

test('a long table stays one', () => {
  const splitter = new BlockSplitter(reader);
  splitter.append(`| a | b |\n|---|---|\n${'| a cell | and its neighbour |\n'.repeat(500)}\nend\n`);
  expect(splitter.finished).toHaveLength(1);
});

test('a block is read with the definitions that it refers to, and with no other ones', () => {
  const splitter = new BlockSplitter(reader);
  const [docs, home] = ['[The  Docs]: https://example.org', '[home]: https://example.net'];
  splitter.append(
    `${docs}\n\n[other]: https://example.com\n\n${home}\n\nSee [the docs] at [home].\n`,
  );
  expect(splitter.definitionsFor('See [the docs] at [home].')).toBe(`${docs}\n${home}`);
});

test.each([1, 7, 50_000])(
  'a line without end, in chunks of %i, is finished part by part between words',
  (size) => {
    const text = `${'word 12 - *soft* and **loud** words. '.repeat(1_200)}end`;
    const splitter = new BlockSplitter(reader);
    for (let at = 0; at < text.length; at += size) {
      splitter.append(text.slice(at, at + size));
      const { last } = splitter;
      expect(last?.kind === 'markdown' && last.text.length).toBeLessThanOrEqual(8_000);
    }
    const blocks = [...splitter.finished, splitter.last];
    expect(blocks.length).toBeGreaterThan(4);
    expect(blocks.map((block) => block && textOf(block)).join('')).toBe(text);
    const continued = blocks.map((block) => block?.kind === 'markdown' && !!block.isContinued);
    expect(continued).toEqual(blocks.map((_, place) => place > 0));
    for (const block of blocks) expect(reader.lexer(block ? textOf(block) : '')).toHaveLength(1);
  },
);
