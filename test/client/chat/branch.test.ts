import { expect, test } from 'vitest';
import { comparedWith, shownBranch, siblingsOf } from '../../../client/src/lib/chat/branch.ts';

const node = (id: string, parentId: string | null) => ({ id, parentId });
const ids = (branch: readonly { id: string }[]) => branch.map(({ id }) => id).join('');

test('a conversation without branches is shown as it is', () => {
  const messages = [node('a', null), node('b', 'a'), node('c', 'b')];
  expect(ids(shownBranch(messages, null))).toBe('abc');
});

const branched = [
  node('a', null),
  node('b', 'a'),
  node('c', 'b'),
  node('d', 'c'),
  node('B', 'a'),
  node('C', 'B'),
];

test('without an active message, the branch of the newest message is shown', () => {
  expect(ids(shownBranch(branched, null))).toBe('aBC');
  expect(ids(shownBranch(branched, 'unknown'))).toBe('aBC');
});

test('the branch through the active message is shown, down to its end', () => {
  expect(ids(shownBranch(branched, 'b'))).toBe('abcd');
  expect(ids(shownBranch(branched, 'd'))).toBe('abcd');
  expect(ids(shownBranch(branched, 'B'))).toBe('aBC');
});

test('what came later below the active message is part of the branch', () => {
  expect(ids(shownBranch([...branched, node('e', 'd')], 'd'))).toBe('abcde');
});

test('messages at the same place know each other, also the first ones', () => {
  const siblings = siblingsOf([...branched, node('z', null)]);
  expect(ids(siblings.get('a') ?? [])).toBe('bB');
  expect(ids(siblings.get(null) ?? [])).toBe('az');
});

test('a loop ends and a missing parent begins the branch', () => {
  expect(ids(shownBranch([node('a', 'b'), node('b', 'a')], null))).toBe('ab');
  expect(ids(shownBranch([node('b', 'gone'), node('c', 'b')], null))).toBe('bc');
});

const said = (id: string, model: string | null) => ({ ...node(id, 'q'), model });

test('answers of several models are compared: of each the newest, of the shown one that one', () => {
  const siblings = [
    said('a', 'A'),
    said('b', 'B'),
    said('B', 'B'),
    said('A', 'A'),
    said('u', null),
  ];
  expect(ids(comparedWith(siblings, said('a', 'A')))).toBe('aB');
  expect(ids(comparedWith(siblings, said('b', 'B')))).toBe('Ab');
});

test('the answers of one model are not compared', () => {
  expect(comparedWith([said('a', 'A'), said('A', 'A')], said('A', 'A'))).toEqual([]);
  expect(comparedWith([said('u', null), said('v', null)], said('u', null))).toEqual([]);
});
