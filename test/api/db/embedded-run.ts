/** Data folders, databases and processes of the tests in this folder, all of which are gone when a test ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { pino } from 'pino';
import { afterEach, expect, vi } from 'vitest';
import {
  type EmbeddedDatabase,
  type EmbeddedOptions,
  startEmbedded,
} from '../../../server/db/embedded.ts';

const MODULE = new URL('../../../server/db/embedded.ts', import.meta.url).href;
const ROOT = new URL('../../..', import.meta.url);
const quiet = pino({ level: 'silent' });

const folders: string[] = [];
const databases: EmbeddedDatabase[] = [];
const children: ChildProcess[] = [];

afterEach(async () => {
  for (const database of databases.splice(0)) await database.stop();
  for (const child of children.splice(0)) await killed(child);
  for (const folder of folders.splice(0)) {
    await serverGone(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});

export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lumen-embedded-'));
  folders.push(folder);
  return folder;
}

export async function start(folder: string, options?: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const database = await startEmbedded(folder, quiet, options);
  databases.push(database);
  return database;
}

export async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client(url);
  // Stopping PostgreSQL under an open connection is what some of these tests are about.
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows[0];
  } finally {
    await client.end();
  }
}

/** A process of its own that starts the database and prints its address, or why it was refused. */
export function runOwner(folder: string, then = '') {
  return run(
    `try {
       const db = await embedded.startEmbedded(folder, pino({ level: 'silent' }));
       ${then}
       console.log(db.url);
       setInterval(() => {}, 1000);
     } catch (error) {
       console.log(error.code, error.message);
     }`,
    folder,
  );
}

export function run(script: string, folder: string) {
  const imports = `import pg from 'pg'; import { pino } from 'pino'; import * as embedded from '${MODULE}';`;
  const source = `${imports} const folder = process.argv[1]; ${script}`;
  const args = ['--import', 'tsx', '--input-type=module', '-e', source, folder];
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, line: async () => String((await lines.next()).value) };
}

export async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

export async function serverPid(folder: string): Promise<number> {
  const file = await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '0');
  return Number.parseInt(file, 10);
}

/** A folder can only be removed once the PostgreSQL in it has gone the same way as its owner. */
async function serverGone(folder: string): Promise<void> {
  const pid = await serverPid(folder);
  if (pid > 0) await ends(pid);
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Within the 5 s that a dead Lumen's PostgreSQL may take. */
export async function ends(pid: number): Promise<void> {
  await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 5_000, interval: 10 });
}
