import { expect, test } from 'vitest';
import { plainText } from '../../../client/src/lib/ui/markdown/plain.ts';

test.each([
  ['# Title\n\nSome **bold** and `code`.', 'Title\n\nSome bold and code.'],
  ['- one\n- two\n  - nested', '• one\n• two\n  • nested'],
  ['3. three\n4. four', '3. three\n4. four'],
  ['- [x] done\n- [ ] open', '☑ done\n☐ open'],
  ['| a | b |\n|---|---|\n| 1 | *2* |', 'a\tb\n1\t2'],
  ['see [the docs](https://example.org)', 'see the docs (https://example.org)'],
  ['<https://example.org>', 'https://example.org'],
  ['$$\nx^2\n$$\n\nand $y$ for $100', 'x^2\n\nand y for $100'],
  ['```js\nlet a = 1;\n```\n\nafter', 'let a = 1;\n\nafter'],
  ['> quoted\n> on\n\nafter', 'quoted\non\n\nafter'],
  ['said[^1]\n\n[^1]: by whom', 'said[1]\n\n[1] by whom'],
  ['5 < 6 & "so"', '5 < 6 & "so"'],
])('%j is copied as %j', (markdown, plain) => {
  expect(plainText(markdown)).toBe(plain);
});
