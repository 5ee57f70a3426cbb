import { expect, test } from 'vitest';
import { readable } from '../../../client/src/lib/model/readme.ts';

const BASE = 'https://huggingface.co/o/m/blob/main/';

test.each([
  ['<p align="center"><img src="a.png" alt="A"></p>', `![A](${BASE}a.png)`],
  ['<h1 align="center">Title</h1>\ntext', '### Title\n\ntext'],
  [
    '<a href="https://x.example">x</a> and <a class="y" href="LICENSE">the licence</a>',
    `[x](https://x.example) and [the licence](${BASE}LICENSE)`,
  ],
  [
    '[a](./b.md) [c](#d) [e](https://f.example) [g](//h.example)',
    `[a](${BASE}b.md) [c](#d) [e](https://f.example) [g](//h.example)`,
  ],
  ['before<!-- not shown\n at all -->after', 'beforeafter'],
  [
    'H<sub>2</sub>O and <b>bold</b>, 1 < 2 and 3 > 2',
    'H<sub>2</sub>O and <b>bold</b>, 1 < 2 and 3 > 2',
  ],
  ['a\n```html\n<div>[x](y)</div>\n```\n<div>b</div>', 'a\n```html\n<div>[x](y)</div>\n```\nb'],
  ['~~~\n<div>\n```\n~~~\n<div>b', '~~~\n<div>\n```\n~~~\nb'],
  ['a\n```\n<div>never closed', 'a\n```\n<div>never closed'],
])('what was written for another site is readable here: %j', (text, shown) => {
  expect(readable(text, BASE)).toBe(shown);
});

test.each(['<!--', '<img ', '<a href="', '<h1', '```\n', '](', '<x '])(
  'a README of half a megabyte of %j is read in no time',
  (piece) => {
    const begun = performance.now();
    readable(piece.repeat(500_000 / piece.length), BASE);
    expect(performance.now() - begun).toBeLessThan(3_000);
  },
);
