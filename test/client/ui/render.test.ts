import { expect, test } from 'vitest';
import { mended } from '../../../client/src/lib/ui/markdown/mend.ts';
import { markdownWith } from '../../../client/src/lib/ui/markdown/render.ts';

const reader = markdownWith({ formula: undefined, highlight: undefined });
const html = (text: string) => reader.parse(text, { async: false });

test.each([
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<div style="position:fixed;inset:0" class="dialog">x</div>',
  '<a href="javascript:alert(1)">x</a>',
  '<svg onload=alert(1)>',
  '<iframe src="https://evil.example"></iframe>',
  '<b onmouseover=alert(1)>x</b>',
  'text <style>body{display:none}</style>',
])('raw HTML is shown, not obeyed: %s', (text) => {
  expect(html(text)).not.toMatch(/<(?!\/?p\b|\/)/);
});

test('the few tags without attributes that answers use are kept', () => {
  expect(html('H<sub>2</sub>O<br>x')).toContain('H<sub>2</sub>O<br>x');
});

test.each([
  'javascript:alert(1)',
  'data:text/html,x',
  'vbscript:x',
  '/settings',
  '#main',
  '//evil',
])('a link to %s is only its text', (href) => {
  expect(html(`[here](${href})`)).not.toContain('<a');
});

test('a link leads out without telling from where', () => {
  expect(html('[here](https://example.org "a \\"title\\"")')).toBe(
    '<p><a href="https://example.org" title="a &quot;title&quot;" target="_blank" rel="noopener noreferrer nofollow">here</a></p>\n',
  );
});

test('a picture becomes a link, so that nothing is fetched unasked', () => {
  expect(html('![a <b>](https://evil.example/?d=1)')).not.toContain('<img');
  expect(html('![alt](data:image/png;base64,xx)')).not.toMatch(/<(img|a)/);
});

test('a language name can not break out of its label', () => {
  expect(html('```"><script>\nx\n```')).not.toContain('<script>');
});

test.each([
  ['so **bol', 'so **bol**'],
  ['so **', 'so '],
  ['use `code', 'use `code`'],
  ['see [the docs](https://exam', 'see the docs'],
  ['is $$\\frac{1', 'is '],
  ['is \\(x +', 'is '],
  ['sum:\n\\[\nx +', 'sum:\n'],
  ['**done** and `done`', '**done** and `done`'],
  ['costs $5', 'costs $5'],
])('the unfinished %j is shown as %j', (text, expected) => {
  expect(mended(text)).toBe(expected);
});
