import { expect, test } from 'vitest';
import { searchQuery } from '../../../server/chat/search-query.ts';
import { START, STOP, snippetParts } from '../../../server/chat/snippet.ts';

test('all words are asked for, the last from its beginning unless a space follows it', () => {
  expect(searchQuery('two words')).toBe("'two' & 'words':*");
  expect(searchQuery('two words ')).toBe("'two' & 'words'");
  expect(searchQuery('a')).toBe("'a'");
});

test('nothing that was typed is an operator', () => {
  expect(searchQuery("o'neill | c:\\temp")).toBe("'o''neill' & 'c:\\\\temp':*");
  expect(searchQuery('!x & (y)')).toBe("'!x' & '(y)':*");
});

test('what has no letter and no number is no word, and there are at most eight of 64 characters', () => {
  for (const text of ['', '  ', "''", ':* & |', '\u0000']) expect(searchQuery(text)).toBeNull();
  const query = searchQuery(`${'x'.repeat(999)} ${'y '.repeat(99)}`);
  expect(query?.split(' & ')).toHaveLength(8);
  expect(query?.split(' & ')[0]).toHaveLength(66);
});

test('a snippet is what stands between the marks, and what does not', () => {
  const headline = `a ${START}b${STOP} c${START}d${STOP}`;
  expect(snippetParts(headline)).toEqual([
    { text: 'a ', isMatch: false },
    { text: 'b', isMatch: true },
    { text: ' c', isMatch: false },
    { text: 'd', isMatch: true },
  ]);
  expect(snippetParts('')).toEqual([]);
});
