// Programs that a machine may have or lack.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export function findOnPath(...names: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
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
