// Programs that a machine may have or lack.
import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export function findOnPath(...names: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

/** Debian keeps the programs of each major version apart; undefined when the machine has none that can read this one. */
export function findPostgresProgram(name: string, major: number): string | undefined {
  const found = [join('/usr/lib/postgresql', `${major}`, 'bin', name), findOnPath(name)];
  return found.find((path) => path && isExecutable(path) && majorOf(path) >= major);
}

/** Undefined when the machine has none. */
export const findChromium = (): string | undefined =>
  process.env.CHROMIUM ?? findOnPath('chromium', 'chromium-browser', 'google-chrome');

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const majorOf = (path: string): number =>
  Number(/\d+/.exec(execFileSync(path, ['--version'], { encoding: 'utf8' }))?.[0]);
