import { expect, test } from 'vitest';
import { type Block, BlockSplitter } from '../../../client/src/lib/ui/markdown/blocks.ts';
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
