/** As whom PostgreSQL's programs run: PostgreSQL refuses root, and Lumen in a container often is root. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, lchown, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from '../kernel/failure.ts';

/** Starts a program as the user who owns the cluster. */
export interface Launcher {
  spawn(program: string, args: readonly string[], options: SpawnOptions): ChildProcess;
  /** Gives a folder to that user. */
  own(folder: string): Promise<void>;
}

interface User {
  readonly uid: number;
  readonly gid: number;
}

/** Only what the programs need: settings such as PGDATA or LC_MESSAGES must not leak in from the operator's shell. */
const ENVIRONMENT = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

const direct: Launcher = {
  spawn: (program, args, options) =>
    spawn(program, args, { ...options, cwd: '/', env: ENVIRONMENT }),
  own: async () => {},
};

/**
 * @param cluster the folder of the cluster, which need not exist yet
 * @throws Failure INVALID when the cluster belongs to another user, or when this process is root and can neither run
 *   the program as an ordinary user nor lend it the right to pass closed folders.
 */
export async function launcherFor(
  dataDir: string,
  cluster: string,
  program: string,
): Promise<Launcher> {
  const owner = await ownerOf(cluster);
  if (process.getuid?.() !== 0) return ordinary(cluster, owner);
  const user = owner === null || owner.uid === 0 ? await nobody() : owner;
  if (owner?.uid === 0) await giveTree(cluster, user);
  for (const launcher of [switching(user), lending(user)]) {
    if (await canReach(launcher, program, dataDir)) return launcher;
  }
  return fail(
    'INVALID',
    `PostgreSQL refuses to run as root, and user ${user.uid} can reach ${program} or ${dataDir} neither by itself nor ` +
      'through setpriv (of util-linux, with CAP_DAC_OVERRIDE and CAP_SETPCAP). Move both to folders that everyone may enter, run ' +
      'Lumen as an ordinary user, or set DATABASE_URL to a PostgreSQL server of your own.',
  );
}

function ordinary(cluster: string, owner: User | null): Launcher {
  if (owner === null || owner.uid === process.getuid?.()) return direct;
  return fail(
    'INVALID',
    `${cluster} belongs to user ${owner.uid}, but Lumen runs as user ${process.getuid?.()}. Run Lumen as its owner, ` +
      'or change the owner of the whole folder with chown -R.',
  );
}

function switching({ uid, gid }: User): Launcher {
  return {
    spawn: (program, args, options) => direct.spawn(program, args, { ...options, uid, gid }),
    own: (folder) => chown(folder, uid, gid),
  };
}

/**
 * Programs or data below a folder that only root may enter: the ordinary user is lent root's right to pass it. PostgreSQL
 * also asks access(2) about its programs, which forgets lent rights unless `no_setuid_fixup` is set.
 */
function lending({ uid, gid }: User): Launcher {
  const setpriv = [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
    '--securebits=+no_setuid_fixup',
  ];
  return {
    spawn: (program, args, options) =>
      direct.spawn('setpriv', [...setpriv, program, ...args], options),
    own: (folder) => chown(folder, uid, gid),
  };
}

/** Asking the system beats reading mode bits, which know nothing of access lists and network file systems. */
async function canReach(launcher: Launcher, program: string, dataDir: string): Promise<boolean> {
  const test = ['-c', 'test -x "$1" && test -x "$2"', 'sh', program, dataDir];
  try {
    const [code] = await once(launcher.spawn('/bin/sh', test, { stdio: 'ignore' }), 'exit');
    return code === 0;
  } catch {
    return false;
  }
}

async function ownerOf(folder: string): Promise<User | null> {
  const found = await stat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return found && { uid: found.uid, gid: found.gid };
}

async function nobody(): Promise<User> {
  const users = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const [, uid, gid] = /^nobody:[^:]*:(\d+):(\d+):/m.exec(users) ?? [];
  return { uid: Number(uid ?? 65534), gid: Number(gid ?? 65534) };
}

/** A backup that root has copied back belongs to root. */
async function giveTree(folder: string, { uid, gid }: User): Promise<void> {
  for (const name of await readdir(folder, { recursive: true })) {
    await lchown(join(folder, name), uid, gid);
  }
  await chown(folder, uid, gid);
}
