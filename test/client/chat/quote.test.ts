import { expect, test } from 'vitest';
import { quoted, withQuote } from '../../../client/src/lib/chat/quote.ts';

test('each line of a selection is quoted, and there is room to write below', () => {
  expect(quoted('  one\ntwo  \n\nthree\n')).toBe('> one\n> two\n>\n> three\n\n');
});

test('a quotation comes after what was typed', () => {
  expect(withQuote('About this: ', 'one')).toBe('About this:\n\n> one\n\n');
  expect(withQuote(' ', 'one')).toBe('> one\n\n');
});
