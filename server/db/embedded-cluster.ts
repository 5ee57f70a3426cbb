/** The cluster on disk: PostgreSQL's data in `postgres/`, and beside it `postgres.json` with password and port. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Logger } from 'pino';
import { z } from 'zod';
import { fail } from '../kernel/failure.ts';
import type { PostgresBinaries } from './embedded-binaries.ts';
import type { Launcher } from './embedded-launcher.ts';

/** The role that connects, and the database it connects to. */
export const ROLE = 'lumen';

const CREATION_PREFIX = 'postgres.tmp';

/** Starting values that operators may change in `postgres/postgresql.conf`: one process and a department. */
const SETTINGS = {
  max_connections: '100',
  shared_buffers: '128MB',
  // Nothing replicates from this cluster, and backups are made with pg_dump.
  wal_level: 'minimal',
  max_wal_senders: '0',
  // Parallel workers can need more shared memory than a container's 64 MB /dev/shm, and small queries gain nothing.
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Lumen reports the errors of its own statements; here they would only repeat what people wrote.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
};

/** A cluster and all that it takes to run it; `dir` is its folder inside `dataDir`. */
export interface Cluster {
  readonly dataDir: string;
  readonly dir: string;
  readonly binaries: PostgresBinaries;
  readonly launcher: Launcher;
  readonly log: Logger;
}

/** What `postgres.json` holds; `port` is null while no server accepts connections. */
const Access = z.object({ password: z.string(), port: z.int().nullable() });
export type Access = z.infer<typeof Access>;

export function clusterDirOf(dataDir: string): string {
  return join(dataDir, 'postgres');
}

/** @throws Failure CONFLICT when the folder holds a cluster that these binaries cannot read. */
export async function refuseOtherMajor(dir: string, major: number): Promise<void> {
  const found = await majorOf(dir);
  if (found === null || found === major) return;
  fail(
    'CONFLICT',
    `${dir} was written by PostgreSQL ${found}, but this release of Lumen brings PostgreSQL ${major}. Nothing was ` +
      `changed. Run the release that you had before and dump the database with pg_dump, move ${dir} away, start this ` +
      'release and restore the dump; or set DATABASE_URL to a PostgreSQL server that has your data.',
  );
}

/**
 * Makes the cluster if there is none yet, and gives the password of its role. A lost password is set anew.
 * @throws Failure INVALID with PostgreSQL's own words when that fails.
 */
export async function prepareCluster(cluster: Cluster): Promise<string> {
  await removeHalfMade(cluster.dataDir);
  const password = randomBytes(24).toString('base64url');
  if ((await majorOf(cluster.dir)) === null) {
    await create(cluster, password);
    return password;
  }
  const access = await readAccess(cluster.dataDir);
  if (access === null) await runOffline(cluster, cluster.dir, [setPassword(password)]);
  return access?.password ?? password;
}

export async function readAccess(dataDir: string): Promise<Access | null> {
  try {
    return Access.parse(JSON.parse(await readFile(accessFile(dataDir), 'utf8')));
  } catch {
    return null;
  }
}

/** The file is replaced as a whole, so nobody reads half of it and a power cut leaves the old or the new one. */
export async function writeAccess(dataDir: string, access: Access): Promise<void> {
  const path = accessFile(dataDir);
  const draft = `${path}.tmp`;
  await rm(draft, { force: true });
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(JSON.stringify(access));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

function accessFile(dataDir: string): string {
  return join(dataDir, 'postgres.json');
}

async function majorOf(dir: string): Promise<number | null> {
  const version = await readFile(join(dir, 'PG_VERSION'), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    },
  );
  return version === null ? null : Number.parseInt(version, 10);
}

/** Only a complete cluster, whose password is already kept, gets its final name. */
async function create(cluster: Cluster, password: string): Promise<void> {
  cluster.log.info({ folder: cluster.dir }, 'Creating the PostgreSQL cluster.');
  // The name is new each time because an initdb whose Lumen was killed may still be writing to the last one.
  const draft = join(cluster.dataDir, `${CREATION_PREFIX}-${randomBytes(4).toString('hex')}`);
  try {
    await mkdir(draft, { mode: 0o700 });
    await cluster.launcher.own(draft);
    await initialise(cluster, draft);
    await runOffline(cluster, draft, [setPassword(password), `CREATE DATABASE ${ROLE}`]);
    await writeAccess(cluster.dataDir, { password, port: null });
    await rename(draft, cluster.dir);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
  const folder = await open(cluster.dataDir);
  await folder.sync().finally(() => folder.close());
}

/**
 * Unicode text sorts and folds by PostgreSQL's built-in locale, which no update of the operating system changes.
 * Trigrams still ask the C library what a letter is; where it has no C.UTF-8, they ignore letters beyond ASCII.
 */
async function initialise({ binaries, launcher, log }: Cluster, dir: string): Promise<void> {
  const locale = ['-E', 'UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = ['-U', ROLE, '--auth-local=reject', '--auth-host=scram-sha-256'];
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const rest = [...locale, '--locale=C', ...access, '--data-checksums', ...settings, '-D', dir];
  const unicode = await run(launcher, binaries.initdb, ['--lc-ctype=C.UTF-8', ...rest]);
  if (unicode.isSuccess) return;
  if (!unicode.output.includes('invalid locale name')) refuse('initdb', unicode.output);
  log.warn('This system lacks the locale C.UTF-8: search will overlook letters beyond ASCII.');
  const ascii = await run(launcher, binaries.initdb, rest);
  if (!ascii.isSuccess) refuse('initdb', ascii.output);
}

/** Runs statements, one per line, without a server: nobody else can connect meanwhile, and no password is needed. */
async function runOffline(
  { binaries, launcher }: Cluster,
  dir: string,
  statements: readonly string[],
): Promise<void> {
  const args = ['--single', '-c', 'exit_on_error=on', '-D', dir, 'postgres'];
  const input = `${statements.join('\n')}\n`;
  const { isSuccess, output } = await run(launcher, binaries.postgres, args, input);
  if (!isSuccess) refuse('postgres --single', output);
}

/** A generated password has no character that SQL would have to quote. */
function setPassword(password: string): string {
  return `ALTER ROLE ${ROLE} PASSWORD '${password}'`;
}

async function run(launcher: Launcher, program: string, args: readonly string[], input = '') {
  const child = launcher.spawn(program, args, { stdio: ['pipe', 'ignore', 'pipe'] });
  const exit = once(child, 'exit');
  child.stdin?.on('error', () => {}).end(input);
  const [[code], output] = await Promise.all([exit, child.stderr ? text(child.stderr) : '']);
  return { isSuccess: code === 0, output };
}

function refuse(program: string, output: string): never {
  const words = output.trim().split('\n').slice(-5).join('\n');
  fail(
    'INVALID',
    `The embedded PostgreSQL cannot be set up; mend what ${program} says, or set DATABASE_URL:\n${words}`,
  );
}

/** What a start that was killed half-way has left; a dying initdb may still add files while they are removed. */
async function removeHalfMade(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (!name.startsWith(CREATION_PREFIX)) continue;
    await rm(join(dataDir, name), { recursive: true, force: true, maxRetries: 5 });
  }
}
