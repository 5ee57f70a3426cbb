import { expect, test } from 'vitest';
import { BlockSplitter } from '../../../client/src/lib/ui/markdown/blocks.ts';
import { Footnotes } from '../../../client/src/lib/ui/markdown/footnotes.ts';
import { markdownWith } from '../../../client/src/lib/ui/markdown/render.ts';

const tools = { formula: undefined, highlight: undefined };

function drawn(text: string) {
  const notes = new Footnotes();
  const reader = markdownWith(tools, notes);
  return { html: reader.parse(text, { async: false }), notes: notes.referred };
}

test('a mark is a button with the number of its note, in the order of the references', () => {
  const { html, notes } = drawn('A[^b] B[^a] C[^b]\n\n[^a]: first **note**\n[^b]: second\n');
  expect(html.match(/data-note="\d"/g)).toEqual([
    'data-note="1"',
    'data-note="2"',
    'data-note="1"',
  ]);
  expect(notes).toEqual([
    { number: 1, text: 'second' },
    { number: 2, text: 'first **note**' },
  ]);
  expect(html).not.toContain('first');
});

test.each(['the class [^abc] of a regular expression', 'an open [^'])(
  'without a note, text stays text: %s',
  (text) => {
    expect(drawn(text).html).toBe(`<p>${text}</p>\n`);
  },
);

test('a note goes on in its lines and in indented paragraphs, and ends before what follows', () => {
  const { html, notes } = drawn('x[^1]\n\n[^1]: one\ntwo\n\n    three\n\nafter');
  expect(notes).toEqual([{ number: 1, text: 'one\ntwo\n\nthree' }]);
  expect(html).toContain('<p>after</p>');
});

test('a note that no reference leads to is not shown', () => {
  expect(drawn('x\n\n[^1]: one').notes).toEqual([]);
});

test('notes are known as soon as their first words have come', () => {
  const notes = new Footnotes();
  const splitter = new BlockSplitter(markdownWith(tools, notes));
  splitter.append('Said so[^1].\n\n[^1');
  splitter.readLast();
  expect(notes.size).toBe(0);
  splitter.append(']: by Ada');
  splitter.readLast();
  expect(notes.size).toBe(1);
});

test('a long run of note lines is read in linear time', () => {
  const text = `x[^1]\n\n[^1]: ${'  a\n'.repeat(20_000)}`;
  const startedAt = performance.now();
  drawn(text);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});
