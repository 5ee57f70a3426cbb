/**
 * `node scripts/complete-lock.ts`: run it after each `npm install`. npm leaves out of package-lock.json the binaries for
 * platforms that the registry at hand does not serve, and then `npm ci` refuses the lock file, also on platforms that it
 * is whole for. This writes the entries that such a binary has: its version, its platform, and that it is optional.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './tool.ts';

interface LockedPackage {
  readonly version: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}

interface Lock {
  packages: Record<string, LockedPackage>;
}

const SYSTEMS = /\b(android|darwin|freebsd|linux|openharmony|win32)\b/;
const PROCESSORS = /\b(arm64|arm|x64|ia32|ppc64|riscv64|s390x)\b/;
const LIBRARIES = /-(musl|gnu)/;

/** The entries that are missing, by their place in the lock file. */
export function missingEntries({ packages }: Lock): Record<string, LockedPackage> {
  const missing: Record<string, LockedPackage> = {};
  for (const parent of Object.values(packages)) {
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      if (packages[`node_modules/${name}`] || !SYSTEMS.test(name)) continue;
      missing[`node_modules/${name}`] = entryFor(name, version, parent.dev === true);
    }
  }
  return missing;
}

function entryFor(name: string, version: string, dev: boolean): LockedPackage {
  const [, os = ''] = SYSTEMS.exec(name) ?? [];
  const [, cpu = ''] = PROCESSORS.exec(name) ?? [];
  const [, libc] = os === 'linux' ? (LIBRARIES.exec(name) ?? []) : [];
  const library = libc ? { libc: [libc === 'musl' ? 'musl' : 'glibc'] } : {};
  return { version, cpu: [cpu], ...(dev ? { dev } : {}), ...library, optional: true, os: [os] };
}

if (import.meta.main) {
  const file = join(root, 'package-lock.json');
  const lock = JSON.parse(await readFile(file, 'utf8')) as Lock;
  const missing = missingEntries(lock);
  const [own, ...others] = Object.entries({ ...lock.packages, ...missing });
  const sorted = others.sort(([a], [b]) => a.localeCompare(b, 'en'));
  lock.packages = Object.fromEntries(own ? [own, ...sorted] : sorted);
  await writeFile(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`${Object.keys(missing).length} entries added.`);
}
