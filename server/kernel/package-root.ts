import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Absolute path of the folder that holds package.json: the same from the sources and from the built files. */
export const PACKAGE_ROOT = rootAbove(import.meta.dirname);

function rootAbove(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('package.json of Lumen not found above its own files.');
  return rootAbove(parent);
}
