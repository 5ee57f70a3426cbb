/** The running PostgreSQL: a process of ours that Ctrl-C does not reach, and that stops when Lumen dies, however it dies. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, open, rename, stat } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { fail } from '../kernel/failure.ts';
import type { Cluster } from './embedded-cluster.ts';
import type { Launcher } from './embedded-launcher.ts';
import { readPostmasterFile } from './embedded-orphan.ts';

/** How long a fast shutdown may take before connections are cut without a checkpoint. */
const FAST_SHUTDOWN_MS = 8_000;

const ATTEMPTS = 10;
const RETRY_MS = 100;
const POLL_MS = 5;
const SLOW_START_MS = 10_000;
const LOG_BYTES_MAX = 10_000_000;
const LOG_TAIL_BYTES = 2_000;

/** The free port was taken meanwhile, or the last processes of a killed server are still leaving. */
const TRANSIENT = /Address already in use|pre-existing shared memory block/;

/**
 * PostgreSQL and this shell have sessions of their own, so a Ctrl-C in the terminal leaves them alone. The shell's input
 * ends when Lumen dies, even by kill -9; then it asks PostgreSQL for a fast shutdown.
 */
const WATCHDOG = 'trap "" HUP INT TERM; read -r _; kill -INT "$1"';

export interface PostgresServer {
  readonly port: number;
  /** Resolves, and never rejects, with the exit code or signal and the end of the log. */
  readonly exited: Promise<{ readonly how: string; readonly logTail: string }>;
  /** Fast shutdown, and immediate shutdown when that takes too long. */
  stop(): Promise<void>;
}

interface Attempt extends PostgresServer {
  readonly isReady: boolean;
}

/** @throws Failure INVALID with the end of PostgreSQL's log when it does not start. */
export async function startServer(cluster: Cluster): Promise<PostgresServer> {
  for (let left = ATTEMPTS - 1; ; left -= 1) {
    const server = await attempt(cluster);
    if (server.isReady) return server;
    const { how, logTail } = await server.exited;
    if (left === 0 || !TRANSIENT.test(logTail)) {
      fail('INVALID', `The embedded PostgreSQL does not start (${how}). Its log says:\n${logTail}`);
    }
    await pause(RETRY_MS);
  }
}

async function attempt({ dataDir, dir, binaries, launcher, log }: Cluster): Promise<Attempt> {
  const port = await freePort();
  const logFile = await openLog(join(dataDir, 'postgres.log'));
  const { size } = await logFile.stat();
  const child = launcher.spawn(binaries.postgres, ['-D', dir, ...settingsFor(port)], {
    detached: true,
    stdio: ['ignore', logFile.fd, logFile.fd],
  });
  const exited = exitOf(child).then(async (how) => {
    const logTail = await tailOf(logFile, size);
    await logFile.close();
    return { how, logTail };
  });
  watch(child, launcher);
  const isReady = await becomesReady(child, dir, log);
  // Lumen may exit without stopping PostgreSQL first: the watchdog does it then.
  child.unref();
  return { port, exited, isReady, stop: () => stop(child, exited) };
}

function settingsFor(port: number): string[] {
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    'unix_socket_directories=',
    'log_destination=stderr',
    'logging_collector=off',
  ];
  return settings.flatMap((setting) => ['-c', setting]);
}

async function freePort(): Promise<number> {
  const server = createServer();
  const listening = once(server, 'listening');
  server.listen(0, '127.0.0.1');
  await listening;
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function exitOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
}

function watch(child: ChildProcess, launcher: Launcher): void {
  if (child.pid === undefined) return;
  const watchdog = launcher.spawn('/bin/sh', ['-c', WATCHDOG, 'sh', String(child.pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Left alone it would one day signal a stranger that was given the same pid.
  child.once('exit', () => watchdog.kill('SIGKILL'));
  watchdog.on('error', () => {});
  watchdog.stdin?.on('error', () => {});
  watchdog.unref();
  (watchdog.stdin as Socket).unref();
}

/** True once connections are accepted, false when the process ended before; recovery after a crash takes its time. */
async function becomesReady(child: ChildProcess, dir: string, log: Logger): Promise<boolean> {
  const notice = setTimeout(
    () => log.warn('PostgreSQL takes long to start; it may be recovering after a crash.'),
    SLOW_START_MS,
  );
  try {
    while (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const lines = (await readPostmasterFile(dir)) ?? [];
      if (Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready') return true;
      await pause(POLL_MS);
    }
    return false;
  } finally {
    clearTimeout(notice);
  }
}

async function stop(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  child.ref();
  child.kill('SIGINT');
  const impatience = setTimeout(() => child.kill('SIGQUIT'), FAST_SHUTDOWN_MS);
  await exited;
  clearTimeout(impatience);
}

/** One former log is kept, so the two never fill a disk. */
async function openLog(path: string): Promise<FileHandle> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size > LOG_BYTES_MAX) await rename(path, `${path}.1`);
  return await open(path, 'a+', 0o600);
}

/** The end of what was written after `start`. */
async function tailOf(file: FileHandle, start: number): Promise<string> {
  const { size } = await file.stat();
  const position = Math.max(start, size - LOG_TAIL_BYTES);
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(LOG_TAIL_BYTES), position });
  return buffer.toString('utf8', 0, bytesRead).trim();
}
