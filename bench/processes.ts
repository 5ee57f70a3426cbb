/** The processes that are measured: each its own, so that none lives on another's time. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const root = join(import.meta.dirname, '..');
const START_MS_MAX = 60_000;
const ADDRESS = /http:\/\/[\w.]+:\d+/;

/** The kernel counts processor time in these. */
const MS_PER_TICK = 10;

export interface Started {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly pid: number;
  stop(): Promise<void>;
}

export interface Command {
  /** From the repository's root; then what it is given. */
  readonly script: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where what it writes to standard error goes. */
  readonly logFile: string;
}

/** Starts a Node process, and resolves when it has said where it listens. */
export async function start({ script, env = {}, logFile }: Command): Promise<Started> {
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, [...script], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', log],
  });
  const address = await Promise.race([addressOf(child), failure(child, logFile)]);
  return {
    origin: address.replace('localhost', '127.0.0.1'),
    pid: child.pid ?? 0,
    stop: () => stop(child),
  };
}

async function addressOf({ stdout }: ChildProcess): Promise<string> {
  let said = '';
  for await (const piece of stdout ?? []) {
    said += piece;
    const [address] = ADDRESS.exec(said) ?? [];
    if (address) {
      stdout?.resume();
      return address;
    }
  }
  return new Promise(() => {});
}

async function failure(child: ChildProcess, logFile: string): Promise<never> {
  const how = await Promise.race([
    once(child, 'exit').then(([code, signal]) => `ended by ${signal ?? `exit code ${code}`}`),
    delay(START_MS_MAX, 'said no address in time', { ref: false }),
  ]);
  throw new Error(`${child.spawnargs.join(' ')} ${how}:\n${readFileSync(logFile, 'utf8')}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** Processor time that a process has taken so far, in ms, in user and kernel mode. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

/** Resident memory of a process, in MB. */
export function residentMb(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

/** Watches the memory of a process until it is stopped; then gives the peak, in MB. */
export function watchMemory(pid: number): () => number {
  let peak = residentMb(pid);
  const timer = setInterval(() => {
    peak = Math.max(peak, residentMb(pid));
  }, 50);
  return () => {
    clearInterval(timer);
    return Math.max(peak, residentMb(pid));
  };
}
