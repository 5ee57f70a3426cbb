/** One living Lumen per data folder: `lumen.lock` names its owner, and what a dead owner left behind is recovered. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { fail } from '../kernel/failure.ts';

const LOCK = 'lumen.lock';
const RETRY_MS = 5;

/** A process, told apart from a later one with the same pid by when it started (null where that is unknown). */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string | null;
}

const ProcessIdentity = z.object({ pid: z.int().positive(), startedAt: z.string().nullable() });

/**
 * Claims the folder for this process until the returned function is called or the process dies.
 * @throws Failure CONFLICT when a living process owns the folder, this very process included.
 */
export async function lockDataFolder(dataDir: string): Promise<() => Promise<void>> {
  const lock = join(dataDir, LOCK);
  const mine = `${lock}.${randomUUID()}`;
  await writeFile(mine, JSON.stringify(identify(process.pid)), { flag: 'wx' });
  try {
    // A link appears with its whole content or not at all, so nobody ever reads half a lock.
    while (!(await hasLinked(mine, lock))) await clearForNewOwner(dataDir, lock, mine);
  } finally {
    await rm(mine, { force: true });
  }
  return () => rm(lock, { force: true });
}

/** The living process that owns the folder, or null. */
export async function dataFolderOwner(dataDir: string): Promise<ProcessIdentity | null> {
  return await livingOwner(join(dataDir, LOCK));
}

export function identify(pid: number): ProcessIdentity {
  return { pid, startedAt: startOf(pid) };
}

/** Zombies count as dead: a container whose first process reaps nobody keeps them for good. */
export function isAlive({ pid, startedAt }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const now = startOf(pid);
  return now === null || (now !== 'zombie' && (startedAt === null || now === startedAt));
}

/** Clock ticks count from boot, so the boot's id belongs to the start time. */
function startOf(pid: number): string | 'zombie' | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = fields[19];
    if (fields[0] === 'Z' || ticks === undefined) return 'zombie';
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${ticks}`;
  } catch {
    return null;
  }
}

async function clearForNewOwner(dataDir: string, lock: string, mine: string): Promise<void> {
  const owner = await livingOwner(lock);
  if (owner === null) return await removeStale(lock, mine);
  fail(
    'CONFLICT',
    `The data folder ${dataDir} is in use by a running Lumen (process ${owner.pid}). ` +
      'Stop that process first, or give this one a data folder of its own.',
  );
}

/**
 * Two processes may find the same dead owner: only the holder of a guard may remove a lock, and it looks again first, so
 * nobody removes the lock that the other one has just taken. A guard whose holder was killed is itself a stale lock.
 */
async function removeStale(lock: string, mine: string): Promise<void> {
  const guard = `${lock}.recovery`;
  if (await hasLinked(mine, guard)) {
    try {
      if ((await livingOwner(lock)) === null) await rm(lock, { force: true });
    } finally {
      await rm(guard, { force: true });
    }
  } else if ((await livingOwner(guard)) === null) {
    await removeStale(guard, mine);
  } else {
    await pause(RETRY_MS);
  }
}

async function livingOwner(lock: string): Promise<ProcessIdentity | null> {
  const text = await readFile(lock, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const owner = ProcessIdentity.safeParse(parsed(text)).data;
  return owner && isAlive(owner) ? owner : null;
}

/** A power cut can leave a lock without content; such a lock names nobody. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function hasLinked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
