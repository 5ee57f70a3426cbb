// Replaces the configuration file as a whole, and keeps what was there before beside it.
import { constants } from 'node:fs';
import { access, open, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fail } from '../kernel/failure.ts';
import { newId } from '../kernel/id.ts';

/** A text that the file had before a save. */
export interface Backup {
  /** The time of the save, as it stands in the name of the backup. */
  readonly id: string;
  readonly savedAt: Date;
  readonly bytes: number;
}

const BACKUPS_MAX = 20;
const FOR_ITS_OWNER = 0o600;
const WRITE_BITS = 0o222;
const ID = /^(\d{4}-\d\d-\d\dT\d\d)-(\d\d)-(\d\d\.\d{3}Z)$/;
const MARK_OF_UTF8 = '\uFEFF';

/** Why the file can't be replaced; null when it can. The mode is minded also by root, which is never refused by it. */
export async function whyReadOnly(file: string): Promise<string | null> {
  const real = await realpath(file).catch(() => null);
  if (real === null) return 'There is no such file any more.';
  const folder = dirname(real);
  if (!(await isWritable(real))) return 'The file may not be written.';
  return (await isWritable(folder)) ? null : 'The folder of the file may not be written.';
}

async function isWritable(path: string): Promise<boolean> {
  const mayWrite = access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
  return ((await stat(path)).mode & WRITE_BITS) !== 0 && (await mayWrite);
}

/**
 * Writes the text aside and renames it over the file, or over what the file links to, so that every reader finds a whole
 * one; mode and owner stay. What was there is kept as a backup.
 *
 * @param isStill asked last, when nothing but the rename is left to do
 * @returns the id of the backup
 * @throws Failure FORBIDDEN `config_read_only`
 */
export async function replaceFile(
  file: string,
  text: string,
  isStill: () => Promise<void>,
): Promise<string> {
  const real = await realpath(file);
  const before = await readFile(real);
  const draft = join(dirname(real), `.${basename(real)}.${newId()}`);
  const hasMark = before.toString('utf8').startsWith(MARK_OF_UTF8);
  try {
    const { mode, uid, gid } = await stat(real);
    await write(draft, hasMark ? MARK_OF_UTF8 + text : text, mode, { uid, gid });
    await isStill();
    const id = new Date().toISOString().replaceAll(':', '-');
    await write(backupPath(real, id), before, FOR_ITS_OWNER);
    await rename(draft, real);
    await synced(dirname(real));
    await prune(real);
    return id;
  } catch (error) {
    await rm(draft, { force: true });
    return refuseReadOnly(error);
  }
}

/** Backups, newest first. */
export async function backupsOf(file: string): Promise<Backup[]> {
  const real = await realpath(file);
  const prefix = `${basename(real)}.`;
  const ids = (await readdir(dirname(real)))
    .filter((name) => name.startsWith(prefix) && name.endsWith('.bak'))
    .map((name) => name.slice(prefix.length, -'.bak'.length))
    .filter((id) => !Number.isNaN(savedAt(id).getTime()))
    .toSorted()
    .toReversed();
  return Promise.all(
    ids.map(async (id) => {
      const { size: bytes } = await stat(backupPath(real, id));
      return { id, savedAt: savedAt(id), bytes };
    }),
  );
}

/** Invalid for what is no id. */
const savedAt = (id: string): Date => new Date(ID.test(id) ? id.replace(ID, '$1:$2:$3') : '');

/** Where a backup lies. @throws Failure NOT_FOUND */
export async function backupFile(file: string, id: string): Promise<string> {
  const isKnown = (await backupsOf(file)).some((backup) => backup.id === id);
  if (!isKnown) fail('NOT_FOUND', 'There is no such backup any more.');
  return backupPath(await realpath(file), id);
}

const backupPath = (real: string, id: string): string => `${real}.${id}.bak`;

async function prune(real: string): Promise<void> {
  const old = (await backupsOf(real)).slice(BACKUPS_MAX);
  await Promise.all(old.map(({ id }) => rm(backupPath(real, id), { force: true })));
}

async function write(
  path: string,
  content: string | Buffer,
  mode: number,
  owner?: { readonly uid: number; readonly gid: number },
): Promise<void> {
  const handle = await open(path, 'wx', FOR_ITS_OWNER);
  try {
    await handle.writeFile(content);
    // Who is not root can't give a file away; it is theirs then, with the mode that it had.
    if (owner) await handle.chown(owner.uid, owner.gid).catch(() => undefined);
    await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A rename lasts only once the folder is on the disk. */
async function synced(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A file that is mounted by itself is busy for good: it can be written, but not replaced. */
function refuseReadOnly(error: unknown): never {
  const { code } = error as NodeJS.ErrnoException;
  if (!['EROFS', 'EACCES', 'EPERM', 'EBUSY'].includes(code ?? '')) throw error;
  return fail(
    'FORBIDDEN',
    'The file can’t be replaced where it lies; mount its folder, writable, instead of the file.',
    { reason: 'config_read_only' },
    error,
  );
}
