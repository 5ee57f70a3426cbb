/** A PostgreSQL that has survived the Lumen which started it: `postmaster.pid` in the cluster's folder tells. */
import { execFile } from 'node:child_process';
import { readFile, readlink, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { fail } from '../kernel/failure.ts';
import { identify, isAlive, type ProcessIdentity } from './data-folder-lock.ts';
import type { Cluster } from './embedded-cluster.ts';

const FAST_SHUTDOWN_MS = 8_000;
const IMMEDIATE_SHUTDOWN_MS = 6_000;
const POLL_MS = 10;

/**
 * Stops the server that still runs on the cluster's folder. The caller holds the lock of the data folder, so nobody
 * needs that server any more.
 * @throws Failure CONFLICT when it cannot be stopped.
 */
export async function stopOrphan({ dir, log }: Cluster): Promise<void> {
  const pid = Number((await readPostmasterFile(dir))?.[0]);
  if (!(pid > 0)) return;
  const orphan = identify(pid);
  const isOurs = isAlive(orphan) ? await runsIn(dir, pid) : null;
  // PostgreSQL recovers from a dead predecessor by itself, but takes every living process of its user for one.
  if (isOurs === false) await rm(postmasterFile(dir), { force: true });
  if (isOurs !== true) return;
  log.warn({ pid }, 'Stopping the PostgreSQL that an earlier Lumen left running.');
  if (await stops(orphan, 'SIGINT', FAST_SHUTDOWN_MS)) return;
  if (await stops(orphan, 'SIGQUIT', IMMEDIATE_SHUTDOWN_MS)) return;
  fail('CONFLICT', `A PostgreSQL left running on ${dir} (process ${pid}) does not stop; stop it.`);
}

/** Lines: pid, folder, start time, port, socket folder, address, shared memory, state. Null without a server. */
export async function readPostmasterFile(dir: string): Promise<string[] | null> {
  const text = await readFile(postmasterFile(dir), 'utf8').catch(() => null);
  return text?.split('\n') ?? null;
}

function postmasterFile(dir: string): string {
  return join(dir, 'postmaster.pid');
}

/** Null when the system does not tell, as with processes of other users, which PostgreSQL itself rules out. */
async function runsIn(dir: string, pid: number): Promise<boolean | null> {
  try {
    if (process.platform === 'linux') {
      return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(dir));
    }
    const ps = await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)]);
    return ps.stdout.includes(dir);
  } catch {
    return null;
  }
}

async function stops(orphan: ProcessIdentity, signal: NodeJS.Signals, waitMs: number) {
  if (isAlive(orphan)) process.kill(orphan.pid, signal);
  for (const deadline = Date.now() + waitMs; Date.now() < deadline; await pause(POLL_MS)) {
    if (!isAlive(orphan)) return true;
  }
  return false;
}
