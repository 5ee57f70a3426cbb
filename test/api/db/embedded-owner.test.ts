import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockDataFolder } from '../../../server/db/data-folder-lock.ts';
import { runningEmbedded } from '../../../server/db/embedded.ts';
import {
  ask,
  ends,
  isRunning,
  killed,
  newFolder,
  runOwner,
  serverPid,
  start,
} from './embedded-run.ts';

const DEAD = JSON.stringify({ pid: process.pid, startedAt: 'another time' });
const isLinux = process.platform === 'linux';

test('kill -9 of Lumen stops PostgreSQL within 5 s, and the next start has all committed data', async () => {
  const folder = await newFolder();
  const owner = runOwner(folder);
  const url = await owner.line();
  await ask(url, 'CREATE TABLE kept AS SELECT 7 AS number');
  const server = await serverPid(folder);
  await killed(owner.child);
  await ends(server);
  expect(await runningEmbedded(folder)).toBeNull();
  expect(await ask((await start(folder)).url, 'SELECT number FROM kept')).toEqual({ number: 7 });
});

test.runIf(isLinux)('a PostgreSQL that outlived Lumen and watchdog is replaced', async () => {
  const folder = await newFolder();
  const owner = runOwner(folder);
  await owner.line();
  const server = await serverPid(folder);
  const pid = owner.child.pid;
  const descendants = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  const watchdogs = descendants
    .trim()
    .split(' ')
    .map(Number)
    .filter((child) => child !== server);
  for (const watchdog of watchdogs) process.kill(watchdog, 'SIGKILL');
  await killed(owner.child);
  expect(isRunning(server)).toBe(true);

  const { url } = await start(folder);
  expect(await ask(url, 'SELECT 1 AS answer')).toEqual({ answer: 1 });
  await ends(server);
});

test.runIf(isLinux)('a pid in postmaster.pid that now is a stranger is left in peace', async () => {
  const folder = await newFolder();
  await (await start(folder)).stop();
  await writeFile(join(folder, 'postgres', 'postmaster.pid'), `${process.pid}\n`);
  expect(await ask((await start(folder)).url, 'SELECT 1 AS answer')).toEqual({ answer: 1 });
});

test('Ctrl-C in the terminal leaves PostgreSQL to a Lumen that is still draining', async () => {
  const owner = runOwner(
    await newFolder(),
    `process.on('SIGINT', async () => {
       const client = new pg.Client(db.url);
       await client.connect();
       console.log((await client.query("SELECT 'drained' AS word")).rows[0].word);
       await client.end();
       await db.stop();
       process.exit();
     });`,
  );
  await owner.line();
  process.kill(-(owner.child.pid ?? 0), 'SIGINT');
  expect(await owner.line()).toBe('drained');
  if (owner.child.exitCode === null) await once(owner.child, 'exit');
  expect(owner.child.exitCode).toBe(0);
});

test('of two processes that find a dead owner at once, one wins and the other names it', async () => {
  const folder = await newFolder();
  await writeFile(join(folder, 'lumen.lock'), isLinux ? DEAD : '');
  const owners = [runOwner(folder), runOwner(folder)];
  const lines = await Promise.all(owners.map((owner) => owner.line()));
  const winner = lines.findIndex((line) => line.startsWith('postgresql://'));
  expect(lines[1 - winner]).toMatch(
    new RegExp(`^CONFLICT .*process ${owners[winner]?.child.pid}\\).*Stop that process`),
  );
  expect(await runningEmbedded(folder)).toBe(lines[winner]);
});

test('of fifty claims on the folder of a dead owner exactly one succeeds', async () => {
  const folder = await newFolder();
  await writeFile(join(folder, 'lumen.lock'), '');
  await writeFile(join(folder, 'lumen.lock.recovery'), '');
  const claims = await Promise.allSettled(Array.from({ length: 50 }, () => lockDataFolder(folder)));
  const won = claims.filter((claim) => claim.status === 'fulfilled');
  const reasons = claims.filter((claim) => claim.status === 'rejected').map(({ reason }) => reason);
  expect(won).toHaveLength(1);
  expect(new Set(reasons.map(({ code }) => code))).toEqual(new Set(['CONFLICT']));
  expect(await readdir(folder)).toEqual(['lumen.lock']);
});
