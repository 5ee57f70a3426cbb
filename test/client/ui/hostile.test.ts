// R47: what a model writes must not hold up the page, however it is made up.
import { expect, test } from 'vitest';
import { BlockSplitter } from '../../../client/src/lib/ui/markdown/blocks.ts';
import { mended } from '../../../client/src/lib/ui/markdown/mend.ts';
import { markdownWith } from '../../../client/src/lib/ui/markdown/render.ts';

const CHARACTERS = 50_000;
const UNITS = [
  ...[
    '[',
    '![',
    '[[a](',
    '[a][',
    '[a](b "',
    '[](',
    '[^',
    '[^1]: a\n',
    '[a]: b\n',
    '!',
    '<',
    '<!--',
  ],
  ...[
    '<a ',
    '<![CDATA[',
    '*',
    '**a ',
    '*a_',
    '_a_b',
    'a**b**',
    '~~a',
    '`',
    '``a`',
    '$',
    '$$',
    '$$a',
  ],
  ...['$x$ ', '\\(', '\\[', '\\[a', '\\', 'a\\\n', '|', '|a|b\n|-|-|\n', '|\n', '> ', '>\n', '- '],
  ...[
    '- a\n  ',
    '- [ ] ',
    '1. ',
    '1.\n',
    '* * ',
    '=\n',
    '    a\n',
    '```\n',
    '#',
    '&',
    'www.',
    'a@b.',
  ],
];
const asLines = (unit: string) =>
  `${unit}\n`.repeat(CHARACTERS / (unit.length + 1)).concat('\nend\n');
const asLine = (unit: string) => `a ${unit.repeat(CHARACTERS / unit.length)}`;

/** What Markdown.svelte does with a text, once whole and once as if more were to come. */
function draw(text: string): number {
  const reader = markdownWith({ formula: undefined, highlight: undefined });
  const splitter = new BlockSplitter(reader);
  splitter.append(text);
  splitter.readLast();
  const blocks = [...splitter.finished, ...(splitter.last ? [splitter.last] : [])];
  for (const block of blocks) {
    if (block.kind !== 'markdown') continue;
    try {
      reader.parse(mended(block.text) + splitter.definitionsFor(block.text), { async: false });
    } catch (error) {
      // A stack that overflows is caught where it is drawn, and the text shown as it was written.
      expect(error).toBeInstanceOf(RangeError);
    }
  }
  return blocks.length;
}

/** Several took many seconds of the processor's time, which other processes do not lengthen; now it is half a second. */
test.each(UNITS)(
  'R47 the time for %j over and over grows with its length',
  { timeout: 60_000 },
  (unit) => {
    for (const text of [asLine(unit), asLines(unit)]) {
      const before = process.cpuUsage();
      expect(draw(text)).toBeGreaterThan(0);
      expect(process.cpuUsage(before).user / 1_000).toBeLessThan(3_000);
    }
  },
);
