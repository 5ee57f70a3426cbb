import { expect, test } from 'vitest';
import { summaryOf, textOfFile } from '../../../client/src/lib/admin/member-file.ts';

const text = 'Jürgen;j@example.edu';

test.each([
  ['UTF-8', Buffer.from(text)],
  ['UTF-16 as Excel writes it', Buffer.from(`\uFEFF${text}`, 'utf16le')],
  ['the code page of Windows', Buffer.from(text, 'latin1')],
])('a file is read in %s', (_, bytes) => {
  expect(textOfFile(new Uint8Array(bytes))).toBe(text);
});

test('a summary counts what there is, and always says how many are new', () => {
  const line = { line: 1, text: '', email: null };
  expect(summaryOf([])).toEqual([['NEW', 0]]);
  expect(
    summaryOf([
      { ...line, state: 'UNKNOWN' },
      { ...line, state: 'NEW' },
      { ...line, state: 'UNKNOWN' },
    ]),
  ).toEqual([
    ['NEW', 1],
    ['UNKNOWN', 2],
  ]);
});
