/** What a file is, by its content; its name decides nothing but which kind of text it is. */
import { fileTypeFromBuffer } from 'file-type';
import type { UploadRules } from '../config/config.ts';
import { fail } from '../kernel/failure.ts';
import { type ImageSize, imageSize } from './image-size.ts';
import { plainText } from './plain-text.ts';
import { extensionOf } from './upload-name.ts';

export const PDF = 'application/pdf';
export const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

export type Content =
  | ({ readonly kind: 'image'; readonly mediaType: string } & ImageSize)
  | { readonly kind: 'document'; readonly mediaType: typeof PDF | typeof DOCX }
  | { readonly kind: 'text'; readonly mediaType: 'text/plain'; readonly text: string };

/** By media type, the endings of which one must be allowed. */
const ENDINGS: ReadonlyMap<string, readonly string[]> = new Map([
  ['image/png', ['png']],
  ['image/jpeg', ['jpg', 'jpeg']],
  ['image/gif', ['gif']],
  ['image/webp', ['webp']],
  [PDF, ['pdf']],
  [DOCX, ['docx']],
]);
const NEVER_TEXT = new Set([...ENDINGS.values()].flat());
/** Models make what is larger smaller; decoding more than this takes a gigabyte. */
const PIXELS_MAX = 50_000_000;
const LISTED_MAX = 20;

/** @throws Failure INVALID, with status 415, for what can't be read or is not allowed, and TOO_LARGE for too many pixels */
export async function contentOf(
  bytes: Buffer,
  name: string,
  { extensions }: UploadRules,
): Promise<Content> {
  if (bytes.length === 0) fail('INVALID', `“${name}” is empty.`, { param: 'file' });
  const mediaType = await detected(bytes);
  const content =
    mediaType === null ? textContent(bytes, name) : binaryContent(bytes, name, mediaType);
  const endings = ENDINGS.get(content.mediaType) ?? [extensionOf(name) || 'txt'];
  if (!endings.some((ending) => extensions.includes(ending))) {
    const listed =
      extensions.length <= LISTED_MAX ? `One of these can: ${extensions.join(', ')}.` : READABLE;
    refuse(`“${name}”: files of the kind ${endings[0]} can't be uploaded here. ${listed}`);
  }
  return content;
}

const READABLE = 'Images, PDF, docx, and text of most kinds can.';

/** Null for everything that is not one of ours: it may still be text, as XML is. */
async function detected(bytes: Buffer): Promise<string | null> {
  const mime = (await fileTypeFromBuffer(bytes))?.mime.replace('image/apng', 'image/png');
  return mime !== undefined && ENDINGS.has(mime) ? mime : null;
}

function textContent(bytes: Buffer, name: string): Content {
  const text = plainText(bytes);
  if (text === null) return refuse(`“${name}” can't be read. ${READABLE}`);
  if (text.trim() === '') fail('INVALID', `There is no text in “${name}”.`, { param: 'file' });
  if (NEVER_TEXT.has(extensionOf(name)))
    refuse(`“${name}” is plain text, whatever its name says. Rename it to .txt to upload it.`);
  return { kind: 'text', mediaType: 'text/plain', text };
}

function binaryContent(bytes: Buffer, name: string, mediaType: string): Content {
  if (mediaType === PDF || mediaType === DOCX) return { kind: 'document', mediaType };
  const size = imageSize(bytes, mediaType) ?? refuse(`“${name}” is damaged: it has no size.`);
  if (size.width * size.height > PIXELS_MAX) {
    fail(
      'TOO_LARGE',
      `“${name}” has ${size.width} × ${size.height} pixels; ${PIXELS_MAX / 1e6} million may be uploaded. Make it smaller first.`,
      { param: 'file' },
    );
  }
  return { kind: 'image', mediaType, ...size };
}

const refuse = (message: string): never =>
  fail('INVALID', message, { reason: 'upload_type', status: 415, param: 'file' });
