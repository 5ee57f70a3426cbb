import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { CREATE, config, type Group, ONE } from './operations.ts';

let app: TestApp;
let admin: Person;
beforeAll(async () => {
  app = await startApp({ config });
  admin = await app.person('dev@example.com');
  await admin.asks(CREATE, { input: { name: 'course' } });
});
afterAll(() => app.close());

const LINES = 'lines { line text email state }';
const PREVIEW = `query ($group: String!, $file: String!) { done: previewMembersImport(group: $group, file: $file) { ${LINES} } }`;
const IMPORT = `mutation ($group: String!, $file: String!) { done: importGroupMembers(group: $group, file: $file) { ${LINES} } }`;

const statesOf = async (operation: string, file: string, group = 'course') =>
  (
    await admin.asks<{ done: { lines: { line: number; state: string }[] } }>(operation, {
      group,
      file,
    })
  ).done.lines.map(({ line, state }) => `${line} ${state}`);
const membersOf = async (name: string) =>
  (await admin.asks<{ group: Group }>(ONE, { name })).group.members.nodes;

test('a preview tells of each line what becomes of it and changes nothing; the import does just that', async () => {
  const [ada, bob] = [await app.person('ada@example.edu'), await app.person('bob@example.edu')];
  await app.person('in@example.edu');
  await admin.asks(
    'mutation { addGroupMember(group: "course", email: "in@example.edu") { name } }',
  );
  const file = `\uFEFFName;E-Mail\r\nA;ADA@example.edu\r\nI;in@example.edu\r\n;nobody\r\nA;ada@example.edu\r\nX;new@example.edu\r\nB;${bob.email}\r\n`;
  const expected = ['2 NEW', '3 MEMBER', '4 MALFORMED', '5 DUPLICATE', '6 UNKNOWN', '7 NEW'];
  expect(await statesOf(PREVIEW, file)).toEqual(expected);
  expect(await membersOf('course')).toHaveLength(1);
  expect(await statesOf(IMPORT, file)).toEqual(expected);
  expect(await membersOf('course')).toHaveLength(3);
  expect(await statesOf(IMPORT, file)).toEqual(
    expected.map((line) => line.replace('NEW', 'MEMBER')),
  );
  const entries = await app.rows<{ after: { count: number; accounts: string[] } }>(
    "select after from audit_entry where action = 'group.members_imported' and subject = 'course'",
  );
  expect(entries).toMatchObject([{ after: { count: 2 } }]);
  expect(await ada.asks('{ viewer { email } }')).toEqual({ viewer: { email: 'ada@example.edu' } });
});

test('what a group grants reaches those who were imported at once', async () => {
  const eve = await app.person('eve@example.edu');
  expect(
    (await eve.asks<{ viewer: { pool: { max: string } } }>('{ viewer { pool { max } } }')).viewer
      .pool.max,
  ).toBe('5');
  await statesOf(IMPORT, 'eve@example.edu', 'staff');
  expect(
    (await eve.asks<{ viewer: { pool: { max: string } } }>('{ viewer { pool { max } } }')).viewer
      .pool.max,
  ).toBe('50');
});

test('nobody but administrators imports, and nothing into a group that is not there', async () => {
  const eve = await app.person();
  for (const operation of [PREVIEW, IMPORT]) {
    expect(await eve.refusal(operation, { group: 'course', file: '' })).toBe('FORBIDDEN');
    expect(await admin.refusal(operation, { group: 'nowhere', file: '' })).toBe('NOT_FOUND');
    expect(await admin.refusal(operation, { group: 'course', file: 'x'.repeat(1_100_000) })).toBe(
      'TOO_LARGE',
    );
    expect(await admin.refusal(operation, { group: 'course', file: '"open' })).toBe('INVALID');
  }
});

test('a group of the configuration says on which line it is defined, one made here does not', async () => {
  const where = async (name: string) =>
    (
      await admin.asks<{ group: { definedAt: string | null } }>(
        'query ($name: String!) { group(name: $name) { definedAt } }',
        { name },
      )
    ).group.definedAt;
  const text = await readFile(app.configFile, 'utf8');
  const line = text.split('\n').findIndex((each) => each.startsWith('  staff:')) + 1;
  expect(await where('staff')).toBe(`config.yaml:${line}`);
  expect(await where('course')).toBeNull();
});
