import { Marked } from 'marked';
import { expect, test } from 'vitest';
import { mathExtensions } from '../../../client/src/lib/ui/markdown/math.ts';

const marked = new Marked({
  extensions: mathExtensions(({ tex, isDisplay }) => (isDisplay ? `[D:${tex}]` : `[I:${tex}]`)),
});
const html = (text: string) => marked.parse(text, { async: false }).trim();

test.each([
  ['$x$', '[I:x]'],
  ['so $a_1 + b_2$ holds', 'so [I:a_1 + b_2] holds'],
  ['$\\$5$', '[I:\\$5]'],
  ['($x$), $y$.', '([I:x]), [I:y].'],
  ['\\(x + y\\)', '[I:x + y]'],
  ['here $$x^2$$ too', 'here [D:x^2] too'],
  ['$a*b$ and $c*d$', '[I:a*b] and [I:c*d]'],
])('%s is a formula in its line', (text, inside) => {
  expect(html(text)).toBe(`<p>${inside}</p>`);
});

test.each([
  '$100',
  '$5 and $10',
  'from $5-$10',
  '$ x $',
  'it is $5 cheap and 3$ dear',
  'US$ and A$',
  '$$',
  '$a',
])('%s stays text', (text) => {
  expect(html(text)).toBe(`<p>${text}</p>`);
});

test.each([
  ['$$\nx = 1\n$$', '[D:x = 1]'],
  ['\\[\nx = 1\n\\]', '[D:x = 1]'],
  ['text:\n$$\nx\n$$\nmore', '<p>text:</p>\n[D:x]<p>more</p>'],
])('%j is a display of its own', (text, expected) => {
  expect(html(text)).toBe(expected);
});

test('a display that is never closed does not swallow what follows an empty line', () => {
  expect(html('$$\nx\n\nafter')).toContain('<p>after</p>');
});

test('code is never looked into', () => {
  expect(html('`$x$` and `\\(y\\)`')).toBe('<p><code>$x$</code> and <code>\\(y\\)</code></p>');
  expect(html('```\n$$x$$\n```')).toContain('$$x$$');
  expect(html('    $x$ indented')).toContain('$x$ indented');
});
