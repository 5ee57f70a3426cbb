import { expect, test } from 'vitest';
import { newestBranch } from '../../../client/src/lib/chat/branch.ts';
import { merged } from '../../../client/src/lib/chat/newest-first.ts';

const node = (id: string, parentId: string | null) => ({ id, parentId });
const ids = (items: readonly { id: string }[]) => items.map((item) => item.id).join('');

test('the shown branch ends in the newest message and leaves its siblings out', () => {
  const tree = [node('a', null), node('b', 'a'), node('c', 'b'), node('d', 'a'), node('e', 'd')];
  expect(ids(newestBranch(tree))).toBe('ade');
  expect(newestBranch([])).toEqual([]);
});

test('a parent that is missing, or a circle, ends the branch and not the page', () => {
  expect(ids(newestBranch([node('b', 'gone'), node('c', 'b')]))).toBe('bc');
  expect(ids(newestBranch([node('a', 'b'), node('b', 'a')]))).toBe('ab');
});

test('what changed comes first, once', () => {
  const row = (id: string, hour: number) => ({ id, updatedAt: `2026-11-22T0${hour}:00:00Z` });
  const rows = [row('c', 3), row('b', 2), row('a', 1)];
  expect(ids(merged(rows, [row('a', 4)]))).toBe('acb');
  expect(ids(merged(rows, [row('d', 0)]))).toBe('cbad');
});
