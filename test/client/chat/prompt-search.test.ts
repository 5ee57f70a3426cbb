import { expect, test } from 'vitest';
import { matchingPrompts, promptSearch } from '../../../client/src/lib/chat/prompt-search.ts';

test.each([
  ['/', ''],
  ['/sum up', 'sum up'],
  ['no /', undefined],
  ['/etc/passwd', undefined],
  ['/a\nb', undefined],
  ['', undefined],
])('%j looks for %j', (typed, search) => {
  expect(promptSearch(typed)).toBe(search);
});

test('prompts are found by all words of their titles, the beginning of a title first', () => {
  const titles = ['A short summary', 'Summary of a paper', 'Letter'];
  const found = (search: string) =>
    matchingPrompts(
      titles.map((title) => ({ title })),
      search,
    ).map(({ title }) => title);
  expect(found('')).toEqual(titles);
  expect(found('summ')).toEqual(['Summary of a paper', 'A short summary']);
  expect(found('paper SUMM')).toEqual(['Summary of a paper']);
});
