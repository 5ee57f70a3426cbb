import { expect, test } from 'vitest';
import { addressList } from '../../../server/group/address-list.ts';
import { Failure } from '../../../server/kernel/failure.ts';

const emailsOf = (text: string) => addressList(text).map(({ email }) => email);
const BOTH = ['ada@example.edu', 'bob@example.edu'];

test.each([
  ['one a line', 'ada@example.edu\nbob@example.edu\n'],
  ['a byte order mark and CRLF', '\uFEFFada@example.edu\r\nbob@example.edu\r\n'],
  ['old Macintosh lines', 'ada@example.edu\rbob@example.edu'],
  ['commas and a head', 'Name,E-Mail\nAda,ada@example.edu\nBob,bob@example.edu'],
  ['semicolons and a head', 'email;role\nADA@example.edu;x\n bob@example.edu ;y'],
  ['tabs', 'Ada\tada@example.edu\nBob\tbob@example.edu'],
  ['quotes', '"Lovelace, Ada","ada@example.edu"\n"Bob ""B""",bob@example.edu'],
  ['empty lines', '\n\nada@example.edu\n\nbob@example.edu\n'],
  ['names before', 'Ada Lovelace <ada@example.edu>\n"Bob, B <bob@example.edu>"'],
  [
    'a head in German',
    'Vorname;Nachname;E-Mail-Adresse\nAda;L;ada@example.edu\nBob;B;bob@example.edu',
  ],
])('addresses are found: %s', (_, text) => {
  expect(emailsOf(text)).toEqual(BOTH);
});

test('what is no address keeps its line, counted as an editor does', () => {
  const text = 'email\nada@example.edu\n\n"two\nlines@example"\nnobody\n@\n';
  expect(addressList(text)).toEqual([
    { line: 2, text: 'ada@example.edu', email: 'ada@example.edu' },
    { line: 5, text: 'two\nlines@example', email: null },
    { line: 6, text: 'nobody', email: null },
    { line: 7, text: '@', email: null },
  ]);
});

test('a first line without an address and without a heading for one is no head', () => {
  expect(addressList('nobody\nada@example.edu').map(({ email }) => email)).toEqual([
    null,
    'ada@example.edu',
  ]);
});

test('an empty file is an empty list', () => {
  expect(addressList('')).toEqual([]);
  expect(addressList('email\r\n')).toEqual([]);
});

function codeOf(text: string): string | undefined {
  try {
    addressList(text);
    return undefined;
  } catch (error) {
    return error instanceof Failure ? `${error.code} ${error.message}` : String(error);
  }
}

test('a file that is no table, or larger than it may be, is refused', () => {
  expect(codeOf('a@b.c\n"never closed\n')).toMatch(/^INVALID .*line 2/i);
  expect(codeOf('a@example.edu\n'.repeat(10_001))).toMatch(/^TOO_LARGE .*10000 lines/);
  expect(codeOf('x'.repeat(1_048_577))).toMatch(/^TOO_LARGE .*1 MB/);
  expect(addressList('a@example.edu\n'.repeat(10_000))).toHaveLength(10_000);
});
