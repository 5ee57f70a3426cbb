/** The files that a person uploaded, by the names that they have in the archive of their data. */
import { sql } from 'kysely';
import type { Context } from '../context.ts';

export interface PersonalFile {
  readonly id: string;
  /** `files/report (2).pdf`: no two are alike, also for file systems that know no capitals. */
  readonly file: string;
  readonly name: string;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  readonly createdAt: Date;
}

/** The oldest first; also those of conversations that were hidden, since they are kept as well. */
export async function personalFiles(
  { sql: connection }: Pick<Context, 'sql'>,
  accountId: string,
): Promise<readonly PersonalFile[]> {
  const { rows } = await sql<Omit<PersonalFile, 'file' | 'createdAt'> & { createdAt: string }>`
    select id, name, media_type as "mediaType", size, created_at as "createdAt" from upload
    where account_id = ${accountId} order by created_at, id`.execute(connection);
  const files = fileNames(rows.map(({ name }) => name));
  return rows.map((row, at) => ({
    ...row,
    file: `files/${files[at]}`,
    createdAt: new Date(row.createdAt),
  }));
}

/** Null when it was let go meanwhile. */
export async function bytesOf(
  { sql: connection }: Pick<Context, 'sql'>,
  { id }: PersonalFile,
): Promise<Buffer | null> {
  const { rows } = await sql<{ bytes: Buffer }>`
    select bytes from upload where id = ${id}`.execute(connection);
  return rows[0]?.bytes ?? null;
}

/** What one of the usual file systems takes for something else. */
const UNUSUAL = /[<>:"/\\|?*\p{Cc}]|[. ]+$/gu;

/** Each name once: of two that are alike the second becomes `name (2).ext`. */
export function fileNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const [, stem = '', ending = ''] = /^(.+?)(\.[^.]*)?$/su.exec(name.replace(UNUSUAL, '_')) ?? [];
    let unique = stem + ending;
    for (let copy = 2; taken.has(unique.toLowerCase()); copy += 1)
      unique = `${stem} (${copy})${ending}`;
    taken.add(unique.toLowerCase());
    return unique;
  });
}
