import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { expect, test, vi } from 'vitest';
import { runningEmbedded } from '../../../server/db/embedded.ts';
import { ask, killed, newFolder, run, runOwner, serverPid, start } from './embedded-run.ts';

const isRoot = process.getuid?.() === 0;

test('the first start makes a database, the next one finds its data, and stop frees the folder', async () => {
  const folder = await newFolder();
  const first = await start(folder);
  expect(await ask(first.url, 'SELECT 1 AS answer')).toEqual({ answer: 1 });
  await ask(first.url, "CREATE TABLE greeting AS SELECT 'Grüße' AS word");
  expect(await runningEmbedded(folder)).toBe(first.url);
  await Promise.all([first.stop(), first.stop()]);
  expect(await runningEmbedded(folder)).toBeNull();
  expect((await readdir(folder)).sort()).toEqual(['postgres', 'postgres.json', 'postgres.log']);

  const second = await start(folder);
  expect(await ask(second.url, 'SELECT word FROM greeting')).toEqual({ word: 'Grüße' });
});

test('a running database is durable, Unicode, in UTC, and open to the holder of its password only', async () => {
  const folder = join(await newFolder(), 'Prüf daten', 'δ');
  // A relative path with spaces and letters beyond ASCII is as good as any other.
  const { url } = await start(relative(process.cwd(), folder));
  const settings = {
    fsync: 'on',
    data_checksums: 'on',
    server_encoding: 'UTF8',
    TimeZone: 'UTC',
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
  };
  for (const [name, value] of Object.entries(settings)) {
    expect(await ask(url, `SHOW ${name}`)).toEqual({ [name]: value });
  }
  expect(await ask(url, "SELECT lower('ÄÖ') AS lower")).toEqual({ lower: 'äö' });
  expect((await stat(join(folder, 'postgres.json'))).mode & 0o777).toBe(0o600);
  await expect(ask(url.replace(/:[^:@]+@/, ':guessed@'), 'SELECT 1')).rejects.toThrow(/password/);

  const another = run('console.log(await embedded.runningEmbedded(folder))', folder);
  expect(await another.line()).toBe(url);
});

test('a creation that was killed half-way is done again', async () => {
  const folder = await newFolder();
  await mkdir(join(folder, 'postgres.tmp', 'base'), { recursive: true });
  await writeFile(join(folder, 'postgres.tmp', 'PG_VERSION'), '18\n');
  await writeFile(join(folder, 'postgres.json'), '{"password":"of the half-made one","port":5}');
  expect(await ask((await start(folder)).url, 'SELECT 1 AS answer')).toEqual({ answer: 1 });
  expect(await readdir(folder)).not.toContain('postgres.tmp');
});

test('Lumen may be killed at any moment of the first start', async () => {
  const folder = await newFolder();
  const owner = runOwner(folder);
  await vi.waitFor(async () => expect((await readdir(folder)).join()).toContain('postgres.tmp'), {
    timeout: 10_000,
    interval: 5,
  });
  await killed(owner.child);
  expect(await ask((await start(folder)).url, 'SELECT 1 AS answer')).toEqual({ answer: 1 });
});

test('a cluster of another major version is refused and left as it is', async () => {
  const folder = await newFolder();
  await mkdir(join(folder, 'postgres'));
  await writeFile(join(folder, 'postgres', 'PG_VERSION'), '17\n');
  const before = await stat(join(folder, 'postgres'));
  await expect(start(folder)).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringMatching(/PostgreSQL 17.*PostgreSQL 18.*pg_dump.*DATABASE_URL/s),
  });
  expect(await readdir(folder)).toEqual(['postgres']);
  expect(await readdir(join(folder, 'postgres'))).toEqual(['PG_VERSION']);
  expect(await stat(join(folder, 'postgres'))).toMatchObject({
    uid: before.uid,
    mode: before.mode,
  });
});

test('a lost password file is replaced without losing data', async () => {
  const folder = await newFolder();
  const first = await start(folder);
  await ask(first.url, 'CREATE TABLE kept AS SELECT 7 AS number');
  await first.stop();
  await rm(join(folder, 'postgres.json'));
  expect(await ask((await start(folder)).url, 'SELECT number FROM kept')).toEqual({ number: 7 });
});

test.runIf(isRoot)('root may keep the data folder where nobody else may look', async () => {
  const closed = await newFolder();
  const { url } = await start(join(closed, 'data'));
  expect((await stat(closed)).mode & 0o777).toBe(0o700);
  expect(await ask(url, 'SELECT 1 AS answer')).toEqual({ answer: 1 });
  expect((await stat(join(closed, 'data', 'postgres'))).uid).not.toBe(0);
  expect((await stat(join(closed, 'data'))).uid).toBe(0);
});

test('a PostgreSQL that ends by itself is reported once', async () => {
  const folder = await newFolder();
  const onExit = vi.fn<(reason: Error) => void>();
  const database = await start(folder, { onExit });
  process.kill(await serverPid(folder), 'SIGKILL');
  await vi.waitFor(() => expect(onExit).toHaveBeenCalledOnce());
  expect(onExit.mock.lastCall?.[0].message).toContain('SIGKILL');
  await database.stop();

  // Its last processes may still be leaving; and a stop that was asked for is no news.
  await (await start(folder, { onExit })).stop();
  expect(onExit).toHaveBeenCalledOnce();
});

test('a data folder that cannot be made is refused in words', async () => {
  const file = join(await newFolder(), 'file');
  await writeFile(file, '');
  await expect(start(join(file, 'data'))).rejects.toMatchObject({
    code: 'INVALID',
    message: expect.stringMatching(/ENOTDIR.*choose another/),
  });
});
