/** A theme's picture. It is known by what it holds, not by its name, and only from within the theme's own folder. */
import { createHash } from 'node:crypto';
import { lstat, readFile, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileTypeFromBuffer } from 'file-type';

export interface Logo {
  readonly bytes: Buffer;
  /** `image/svg+xml` */
  readonly type: string;
  /** Changes with the picture. */
  readonly digest: string;
}

const BYTES_MAX = 512 * 1024;
const PICTURES: ReadonlySet<string> = new Set([
  'image/png',
  'image/jpeg',
  'image/webp',
  'image/avif',
  'image/gif',
]);
/** The root element, after what may stand before it. */
const SVG =
  /^\uFEFF?\s*(<\?xml[^>]*>\s*)?(<!--(?:(?!-->)[\s\S])*-->\s*|<!DOCTYPE svg[^>[]*>\s*)*<svg[\s>]/i;
const ACCEPTED = 'accepted is an SVG, PNG, JPEG, WebP, AVIF or GIF in the folder of the theme';

export type LogoOrProblem = { readonly logo: Logo } | { readonly problem: string };

export async function readLogo(folder: string, path: string): Promise<LogoOrProblem> {
  const bytes = await bytesWithin(folder, path);
  if (bytes === null) return { problem: `there is no such file; ${ACCEPTED}` };
  if (bytes === 'large') return { problem: `the file is larger than ${BYTES_MAX / 1024} KB` };
  const type = await typeOf(bytes);
  if (type === null) return { problem: `the file is no picture; ${ACCEPTED}` };
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  return { logo: { bytes, type, digest } };
}

/** Links are followed first, so that neither `../` nor a link leads out of the folder. */
async function bytesWithin(folder: string, path: string): Promise<Buffer | 'large' | null> {
  try {
    const [real, file] = await Promise.all([realpath(folder), realpath(join(folder, path))]);
    if (!file.startsWith(real + sep)) return null;
    const found = await lstat(file);
    if (!found.isFile()) return null;
    return found.size > BYTES_MAX ? 'large' : await readFile(file);
  } catch {
    return null;
  }
}

async function typeOf(bytes: Buffer): Promise<string | null> {
  if (SVG.test(bytes.toString('utf8'))) return 'image/svg+xml';
  const found = await fileTypeFromBuffer(bytes);
  return found && PICTURES.has(found.mime) ? found.mime : null;
}
