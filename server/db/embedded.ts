/** The PostgreSQL that Lumen brings along, so that one folder is a whole installation. */
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Logger } from 'pino';
import { Failure } from '../kernel/failure.ts';
import { dataFolderOwner, lockDataFolder } from './data-folder-lock.ts';
import { findBinaries } from './embedded-binaries.ts';
import {
  type Cluster,
  clusterDirOf,
  prepareCluster,
  ROLE,
  readAccess,
  refuseOtherMajor,
  writeAccess,
} from './embedded-cluster.ts';
import { launcherFor } from './embedded-launcher.ts';
import { stopOrphan } from './embedded-orphan.ts';
import { type PostgresServer, startServer } from './embedded-server.ts';

export interface EmbeddedDatabase {
  /** `postgresql://lumen:<password>@127.0.0.1:<port>/lumen`; the port changes with every start. */
  readonly url: string;
  /** Stops PostgreSQL (connections are cut, all committed work is kept) and frees the folder. May be called again. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Called once when PostgreSQL ends although nobody stopped it; nothing can be read or stored from then on. */
  readonly onExit?: (reason: Error) => void;
}

/**
 * Starts, and on first use creates, the PostgreSQL cluster in `dataDir/postgres`. It listens on a random port of
 * 127.0.0.1 only, and stops when this process dies.
 * @throws Failure CONFLICT when a living Lumen owns the folder or its cluster is of another major version; INVALID when
 *   the folder cannot be written or PostgreSQL cannot run there. The message says what the operator can do.
 */
export async function startEmbedded(
  dataDir: string,
  log: Logger,
  options: EmbeddedOptions = {},
): Promise<EmbeddedDatabase> {
  const folder = resolve(dataDir);
  try {
    await mkdir(folder, { recursive: true });
    const unlock = await lockDataFolder(folder);
    try {
      return await start(folder, unlock, log, options);
    } catch (error) {
      await unlock();
      throw error;
    }
  } catch (error) {
    throw explained(error, folder);
  }
}

/**
 * The address of the cluster that a living Lumen serves from this folder, or null: lets the command line work while
 * the server runs.
 */
export async function runningEmbedded(dataDir: string): Promise<string | null> {
  const folder = resolve(dataDir);
  const access = (await dataFolderOwner(folder)) && (await readAccess(folder));
  return access?.port ? addressOf(access.password, access.port) : null;
}

async function start(
  dataDir: string,
  unlock: () => Promise<void>,
  log: Logger,
  { onExit }: EmbeddedOptions,
): Promise<EmbeddedDatabase> {
  const binaries = await findBinaries();
  const dir = clusterDirOf(dataDir);
  await refuseOtherMajor(dir, binaries.major);
  const launcher = await launcherFor(dataDir, dir, binaries.postgres);
  const cluster: Cluster = { dataDir, dir, binaries, launcher, log };
  await stopOrphan(cluster);
  const password = await prepareCluster(cluster);
  // A port of an earlier run must not be read while this one starts.
  await writeAccess(dataDir, { password, port: null });
  const server = await startServer(cluster);
  try {
    await writeAccess(dataDir, { password, port: server.port });
  } catch (error) {
    await server.stop();
    throw error;
  }
  log.info({ port: server.port, folder: dir }, 'PostgreSQL is running.');
  const stop = stopOnce(server, log, onExit, async () => {
    await writeAccess(dataDir, { password, port: null }).finally(unlock);
  });
  return { url: addressOf(password, server.port), stop };
}

function stopOnce(
  server: PostgresServer,
  log: Logger,
  onExit: EmbeddedOptions['onExit'],
  release: () => Promise<void>,
): () => Promise<void> {
  let stopping: Promise<void> | null = null;
  void server.exited.then(({ how, logTail }) => {
    if (stopping) return;
    log.error({ logTail }, `PostgreSQL ended by itself (${how}).`);
    onExit?.(new Error(`PostgreSQL ended by itself (${how}).`));
  });
  return () => {
    stopping ??= server.stop().then(release);
    return stopping;
  };
}

function addressOf(password: string, port: number): string {
  return `postgresql://${ROLE}:${password}@127.0.0.1:${port}/${ROLE}`;
}

/** What the operating system refuses here is for the operator to mend. */
function explained(error: unknown, dataDir: string): unknown {
  if (error instanceof Failure || !(error instanceof Error) || !('syscall' in error)) return error;
  const isProgram = String(error.syscall).startsWith('spawn');
  const advice = isProgram
    ? 'Its programs need a system with glibc (Debian, Ubuntu, Fedora and others, not Alpine); otherwise set DATABASE_URL.'
    : 'Make room, change the owner of the folder or choose another one, or set DATABASE_URL.';
  const message = `The data folder ${dataDir} cannot hold the embedded PostgreSQL: ${error.message}. ${advice}`;
  return new Failure('INVALID', message, {}, { cause: error });
}
