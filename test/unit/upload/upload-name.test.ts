import { expect, test } from 'vitest';
import { extensionOf, uploadName } from '../../../server/upload/upload-name.ts';

const LONG = `${'ä'.repeat(300)}.pdf`;
const FAMILY = '👨‍👩‍👧‍👦';

test.each([
  ['a plain name', 'report.pdf', 'report.pdf'],
  ['letters of any language', 'Übersicht 概要 обзор.pdf', 'Übersicht 概要 обзор.pdf'],
  ['one form of what can be written in two', 'U\u0308ber.pdf', 'Über.pdf'],
  ['the last part of a path', '/etc/../home/ada/notes.md', 'notes.md'],
  ['the last part of a path of Windows', 'C:\\Users\\ada\\notes.md', 'notes.md'],
  ['no path that climbs', '..', 'file'],
  ['no path at all', 'a/', 'file'],
  ['nothing', '', 'file'],
  ['nothing but space', ' \t ', 'file'],
  ['nothing that turns a name round', 'invoice\u202Efdp.exe', 'invoicefdp.exe'],
  ['nothing that can not be seen', 'a\u200B\uFEFF\u0000b.txt', 'ab.txt'],
  ['one line', 'a\r\nSet-Cookie: x.txt', 'aSet-Cookie: x.txt'],
  ['no half characters', 'a\uD800.txt', 'a\uFFFD.txt'],
  ['what looks like a mark of HTML', '"><img src=x>.png', '"><img src=x>.png'],
  ['what looks like another file', 'x%2e%2e%2fy.txt', 'x%2e%2e%2fy.txt'],
  ['a hidden file', '.env', '.env'],
])('a file keeps %s', (_what, given, kept) => {
  expect(uploadName(given)).toBe(kept);
});

test('a name is cut between characters, before its ending, to what file systems take', () => {
  const name = uploadName(LONG);
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
  expect(name).toMatch(/^ä{120,}….pdf$/u);
  expect(uploadName(FAMILY.repeat(30))).toBe(`${FAMILY.repeat(10)}…`);
});

test('the ending of a name tells the kind of a text', () => {
  expect(['a.MD', '.env', 'Makefile', 'a.tar.gz', 'a.', 'a.b c'].map(extensionOf)).toEqual([
    'md',
    'env',
    '',
    'gz',
    '',
    '',
  ]);
});
