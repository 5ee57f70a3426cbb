import {
  chmod,
  lstat,
  readdir,
  readFile,
  rename,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { CHECK, CONFIG_FILE, Editor, RESTORE, SAVE, type Saved } from './config-editor.ts';

const SECRETS = ['the-session-secret', 'the-api-key-secret', 'upstream-secret'];
const NAMED = (text: string, name: string) => text.replace('app:\n', `app:\n  name: ${name}\n`);

test('a save is in force when it is answered, keeps comments, odd keys and secrets, and shows none', async () => {
  const editor = await Editor.open();
  await writeFile(editor.app.configFile, `# ours\n${await editor.onDisk()}odd:   {a:   1}\n`);
  const { text, version } = await editor.opened();
  for (const secret of SECRETS) expect(text).not.toContain(secret);
  const before = await editor.onDisk();
  const check = await editor.checks(NAMED(text, 'Atlas'), version);
  expect(check).toMatchObject({ problems: [], adminsLost: [], isCurrent: true });
  expect(check.effects).toEqual([{ change: 'app.name changed', kind: 'HOT' }]);
  expect(check.warnings.join()).toContain('odd is not a setting');

  const saved = await editor.saves(NAMED(text, 'Atlas'), version, 'a new name');
  expect(saved).toMatchObject({ isInForce: true, status: { restartNeeded: [] } });
  expect(await editor.onDisk()).toBe(NAMED(before, 'Atlas'));
  const site = await editor.person.asks<{ site: { name: string } }>('{ site { name } }');
  expect(site.site.name).toBe('Atlas');
  expect((await editor.file()).version).toBe(saved.version);
  expect((await editor.app.turn(editor.person)).request.headers.authorization).toBe(
    'Bearer upstream-secret',
  );
});

test('what takes effect after a restart is said before the save and after it', async () => {
  const editor = await Editor.open();
  const { text, version } = await editor.opened();
  const after = text.replace(/secret_key: .*/, 'secret_key: another-session-secret-of-32-letters');
  expect((await editor.checks(after, version)).effects).toEqual([
    { change: 'app.secret_key changed', kind: 'RESTART' },
  ]);
  const { status } = await editor.saves(after, version);
  expect(status.restartNeeded).toEqual(['app.secret_key']);
});

test('of two who save at once one is refused, and so is who did not see an edit by hand', async () => {
  const editor = await Editor.open();
  const { text, version } = await editor.opened();
  const answers = await Promise.all(
    ['One', 'Two'].map((name) =>
      editor.person.graphql<{ saveConfig: Saved }>(SAVE, { text: NAMED(text, name), version }),
    ),
  );
  expect(answers.filter(({ data }) => data?.saveConfig.isInForce)).toHaveLength(1);
  expect(answers.flatMap(({ errors = [] }) => errors)).toMatchObject([
    { extensions: { code: 'CONFLICT', reason: 'config_changed' } },
  ]);
  const second = await editor.opened();
  await editor.app.saves({ chat: { remove: 'delete' } });
  expect(await editor.checks(second.text, second.version)).toMatchObject({ isCurrent: false });
  expect(await editor.refusedSave(NAMED(second.text, 'Three'), second.version)).toBe(
    'config_changed',
  );
  expect(await editor.onDisk()).not.toContain('Three');
});

test('nobody saves away the last administrator, or themselves', async () => {
  const editor = await Editor.open();
  const { text, version } = await editor.opened();
  const nobody = text.replace('  - dev@example.com', '  []').replace('admins:\n  []', 'admins: []');
  expect((await editor.checks(nobody)).problems).toMatchObject([
    { path: 'admins', message: expect.stringContaining('nobody') },
  ]);
  expect(await editor.refusedSave(nobody, version)).toBe('config_invalid');
  const other = text.replace('  - dev@example.com', '  - ada@example.edu');
  expect(await editor.checks(other)).toMatchObject({
    problems: [{ path: 'admins' }],
    adminsLost: ['dev@example.com'],
  });
  expect(await editor.refusedSave(other, version)).toBe('config_invalid');
  expect(
    (await editor.saves(text.replace('  - dev@', '  - ada@x.org\n  - DEV@'), version)).isInForce,
  ).toBe(true);
});

test('a text with a mistake is refused with its line, and so are lost marks', async () => {
  const editor = await Editor.open();
  const { text, version } = await editor.opened();
  const wrong = `${text}chat:\n  remove: burn\n`;
  const line = wrong.split('\n').length - 1;
  expect((await editor.checks(wrong)).problems).toMatchObject([{ line, path: 'chat.remove' }]);
  expect(await editor.refusedSave(wrong, version)).toBe('config_invalid');
  expect((await editor.checks(`${text}chat: [`)).problems).not.toEqual([]);
  const stars = text.replace(/\(kept secret \w+\)/g, '"********"');
  expect(await editor.refusedSave(stars, version)).toBe('config_invalid');
  expect(await editor.refusedSave('models: []\n', version)).toBe('config_invalid');
  expect(await editor.onDisk()).not.toMatch(/burn|\*\*/);
});

test('each save leaves a backup that can be restored, and at most twenty are kept', async () => {
  const editor = await Editor.open();
  const first = await editor.onDisk();
  await chmod(editor.app.configFile, 0o640);
  let { text, version } = await editor.opened();
  for (let turn = 0; turn < 3; turn++) {
    text = text.replace(/app:\n(?: {2}name: .*\n)?/, `app:\n  name: N${turn}\n`);
    ({ version } = await editor.saves(text, version));
  }
  const { backups } = await editor.file();
  expect(backups).toHaveLength(3);
  expect(backups.map(({ savedAt }) => savedAt)).toEqual(
    backups
      .map(({ savedAt }) => savedAt)
      .toSorted()
      .toReversed(),
  );
  const folder = dirname(editor.app.configFile);
  const names = (await readdir(folder)).filter((name) => name.includes('.bak'));
  for (const name of names) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
  expect((await stat(editor.app.configFile)).mode & 0o777).toBe(0o640);
  const masked = await editor.person.asks<{ configBackup: string }>(
    'query ($id: ID!) { configBackup(id: $id) }',
    { id: backups[2]?.id },
  );
  for (const secret of SECRETS) expect(masked.configBackup).not.toContain(secret);

  const id = backups[2]?.id;
  const restored = await editor.person.asks<{ restoreConfigBackup: Saved }>(RESTORE, {
    id,
    version,
  });
  expect(restored.restoreConfigBackup.isInForce).toBe(true);
  expect(await editor.onDisk()).toBe(first);
  expect(await editor.person.refusal(RESTORE, { id, version })).toBe('CONFLICT');
  for (const odd of ['../../etc/passwd', '2026-01-01T00-00-00.000Z'])
    expect(await editor.person.refusal(RESTORE, { id: odd, version })).toBe('NOT_FOUND');

  for (let minute = 10; minute < 35; minute++)
    await writeFile(`${editor.app.configFile}.2025-01-31T00-${minute}-00.000Z.bak`, '');
  await writeFile(`${editor.app.configFile}.2025-99-31T00-00-00.000Z.bak`, 'not ours');
  const now = await editor.opened();
  await editor.saves(NAMED(now.text, 'Last'), now.version);
  expect((await editor.file()).backups).toHaveLength(20);
  expect((await readdir(folder)).filter((name) => name.startsWith('.config'))).toEqual([]);
});

test('the audit trail says what was changed and why, and no secret', async () => {
  const editor = await Editor.open();
  const { text, version } = await editor.opened();
  const after = NAMED(text, 'Atlas').replace(/api_key: .*/, 'api_key: brand-new-secret');
  await editor.saves(after, version, 'rotation');
  await editor.saves(after, (await editor.file()).version, 'nothing new');
  const rows = await editor.app.rows<{ reason: string; after: { changes: string[] } }>(
    "select action, reason, after from audit_entry where subject_kind = 'config'",
  );
  expect(rows).toMatchObject([
    {
      action: 'config.saved',
      reason: 'rotation',
      after: { changes: ['app.name changed', 'models changed: fake'] },
    },
  ]);
  const said = JSON.stringify([rows, editor.app.log, await editor.file()]);
  for (const secret of [...SECRETS, 'brand-new-secret']) expect(said).not.toContain(secret);
});

test('only administrators come in, and only while the file lets them', async () => {
  const ada = 'ada@example.edu';
  const config = { groups: { admins: { max: 1 } }, users: { [ada]: { groups: ['admins'] } } };
  const editor = await Editor.open({ config });
  const { text, version } = await editor.opened();
  const manager = await editor.app.person(ada);
  await editor.person.asks(
    'mutation ($owner: String) { createProject(name: "mine", ownerEmail: $owner) { id } }',
    { owner: ada },
  );
  const doors = [
    [CONFIG_FILE, {}],
    [CHECK, { text, version }],
    [SAVE, { text, version }],
    [RESTORE, { id: 'x', version }],
    ['{ configBackup(id: "x") }', {}],
  ] as const;
  for (const [query, variables] of doors)
    expect(await manager.refusal(query, variables)).toBe('FORBIDDEN');
  await editor.saves(text.replace('app:\n', 'app:\n  config_editor: false\n'), version);
  for (const [query, variables] of doors) {
    const { errors } = await editor.person.graphql(query, variables);
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'FORBIDDEN',
      reason: 'config_editor_off',
    });
  }
});

test('a file that may not be written is shown, and is not saved', async () => {
  const editor = await Editor.open();
  await chmod(editor.app.configFile, 0o444);
  const { text, version } = await editor.opened();
  expect(await editor.file()).toMatchObject({
    isWritable: false,
    readOnlyReason: expect.stringContaining('may not be written'),
  });
  expect(await editor.refusedSave(NAMED(text, 'Atlas'), version)).toBe('config_read_only');
});

test('a link stays one: what it leads to is replaced', async () => {
  const editor = await Editor.open();
  const { configFile } = editor.app;
  const real = join(dirname(configFile), 'real.yaml');
  await rename(configFile, real);
  await symlink(basename(real), configFile);
  const { text, version } = await editor.opened();
  expect((await editor.saves(NAMED(text, 'Atlas'), version)).isInForce).toBe(true);
  expect((await lstat(configFile)).isSymbolicLink()).toBe(true);
  expect(await readFile(real, 'utf8')).toContain('Atlas');
  expect((await editor.file()).backups).toHaveLength(1);
});

test('a file that is no YAML any more is not shown, and a backup mends it', async () => {
  const editor = await Editor.open();
  const { text, version } = await editor.opened();
  await editor.saves(NAMED(text, 'Atlas'), version);
  await writeFile(editor.app.configFile, 'app: { secret_key: my-secret');
  const broken = await editor.file();
  expect(broken.text).toBeNull();
  const variables = { id: broken.backups[0]?.id, version: broken.version };
  const { restoreConfigBackup } = await editor.person.asks<{ restoreConfigBackup: Saved }>(
    RESTORE,
    variables,
  );
  expect(restoreConfigBackup.isInForce).toBe(true);
});
