// Each row of the table of what older files and pages said (D-1 to D-35) is held by a test.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const ROWS = 35;

/** Wording (D-1) and the list of features (D-31) are about the product, not about a form of the file. */
const OF_THE_PRODUCT = [1, 31];

/** Titles say their row. */
const HERE = ['legacy', 'legacy-access', 'legacy-caps', 'place', 'seed-reload'].map(
  (name) => `test/unit/config/${name}.test.ts`,
);

const ELSEWHERE: readonly (readonly [row: number, file: string, title: string])[] = [
  [7, 'test/unit/group/rules.test.ts', 'all rules of a group must hold, unless it says any'],
  [8, 'test/api/group/groups.test.ts', 'a group of the configuration is locked, but people'],
  [8, 'test/api/group/groups.test.ts', 'a group made by hand gives its members its models'],
  [14, 'test/api/chat/conversations.test.ts', 'a deleted conversation is nowhere to be found'],
  [15, 'test/api/upload/rules.test.ts', 'limits hold from the moment that the file says them'],
  [17, 'test/unit/config/seeds.test.ts', 'the README’s database pool gives the size of ours'],
  [21, 'test/unit/config/changes.test.ts', 'settings that are read at the start are told by name'],
  [23, 'test/unit/config/startup.test.ts', '%s is refused'],
  [25, 'test/api/rate/limits.test.ts', 'the other operations have twenty times the allowance'],
  [25, 'test/api/rate/limits.test.ts', 'a new limit holds from the save on'],
  [27, 'test/unit/config/watch.test.ts', 'a save in place is followed within a second'],
  [28, 'test/api/cli/commands.test.ts', 'init-db makes an empty database ready'],
  [
    30,
    'test/api/upstream/echo-server.test.ts',
    'the dummy script prints one line of configuration',
  ],
  [32, 'test/api/chat/turn.test.ts', 'a turn is answered, stored, and paid for once'],
];

const TITLE = /\(\s*(['`])(.+?)\1,\s*(?:async|\(|\{)/g;

/** The titles of the tests of a file, as they are written. */
async function titles(file: string): Promise<string[]> {
  const source = await readFile(join(root, file), 'utf8');
  return [...source.matchAll(TITLE)].map(([, , title = '']) => title);
}

test('a test holds each row', async () => {
  const ours = (await Promise.all(HERE.map(titles))).flat();
  const rows = ours.flatMap((title) =>
    [...title.matchAll(/\bD-(\d+)/g)].map(([, row]) => Number(row)),
  );
  const held = new Set([...OF_THE_PRODUCT, ...rows, ...ELSEWHERE.map(([row]) => row)]);
  expect([...held].sort((a, b) => a - b)).toEqual(Array.from({ length: ROWS }, (_, at) => at + 1));
});

test.each(ELSEWHERE)('row D-%i is held by %s: %s', async (_, file, title) => {
  expect(await titles(file)).toContainEqual(expect.stringContaining(title));
});
