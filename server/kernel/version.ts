import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from './package-root.ts';

const { version } = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as {
  version: string;
};

/** Written beside the built files by scripts/build.ts; not there when Lumen runs from its sources. */
const COMMIT_FILE = join(import.meta.dirname, 'commit');

export const VERSION = version;

/** The commit that was built, shortened; null when the build did not know it. */
export const COMMIT: string | null = existsSync(COMMIT_FILE)
  ? readFileSync(COMMIT_FILE, 'utf8').trim()
  : null;
