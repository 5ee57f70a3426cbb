/** The files of messages as models read them: with every turn anew, since model servers remember nothing. */
import { sql } from 'kysely';
import type { Context } from '../context.ts';
import { isImage, UPLOAD_COLUMNS, type Upload } from '../upload/upload.ts';

type PromptPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image_url'; readonly image_url: { readonly url: string } };

export type PromptContent = string | readonly PromptPart[];

interface Said {
  readonly id: string;
  readonly content: string;
}

interface File extends Upload {
  readonly messageId: string;
  readonly text: string | null;
}

/** Of one request, the newest first: model servers take about as much, and each byte is in memory several times. */
const IMAGE_BYTES_MAX = 20 * 2 ** 20;
const IMAGES_MAX = 20;
/** What is asked by a picture without a word. */
const WORDLESS = 'What is in this image?';

/**
 * By message, what was said together with its files. Only with images it is a list of parts, since simple model servers
 * read texts alone.
 */
export async function withFiles(
  ctx: Pick<Context, 'sql'>,
  said: readonly Said[],
  seesImages: boolean,
): Promise<ReadonlyMap<string, PromptContent>> {
  const { rows: files } = await sql<File>`
    select m.message_id as "messageId", u.text, ${UPLOAD_COLUMNS}
    from message_upload m join upload u on u.id = m.upload_id
    where m.message_id = any(${said.map(({ id }) => id)}::uuid[])
    order by m.message_id, m.position`.execute(ctx.sql);
  const urls = await dataUrls(ctx, seesImages ? newest(files.filter(isImage)) : []);
  const byMessage = Map.groupBy(files, ({ messageId }) => messageId);
  return new Map(
    said.map(({ id, content }) => [id, contentOf(content, byMessage.get(id) ?? [], urls)]),
  );
}

function contentOf(
  content: string,
  files: readonly File[],
  urls: ReadonlyMap<string, string>,
): PromptContent {
  const texts = files.filter(({ id }) => !urls.has(id)).map(asText);
  const images = files.flatMap(({ id }) => urls.get(id) ?? []);
  if (images.length === 0) return [...texts, content].filter((text) => text !== '').join('\n\n');
  const words = content === '' && texts.length === 0 ? WORDLESS : content;
  return [
    ...texts.map((text) => ({ type: 'text', text }) as const),
    ...images.map((url) => ({ type: 'image_url', image_url: { url } }) as const),
    ...(words === '' ? [] : [{ type: 'text', text: words } as const]),
  ];
}

function asText({ name, text, isCut }: File): string {
  if (text === null) return `[Image: ${name}, which you are not shown]`;
  const end = isCut ? `[The document ${name} goes on, but is cut off here]` : '';
  return [`[Document: ${name}]`, text.trimEnd(), end, `[End of document: ${name}]`]
    .filter((part) => part !== '')
    .join('\n\n');
}

function newest(images: readonly File[]): readonly File[] {
  let bytes = 0;
  return images
    .toReversed()
    .slice(0, IMAGES_MAX)
    .filter(({ size }) => {
      bytes += size;
      return bytes <= IMAGE_BYTES_MAX;
    });
}

async function dataUrls(
  ctx: Pick<Context, 'sql'>,
  images: readonly Upload[],
): Promise<ReadonlyMap<string, string>> {
  if (images.length === 0) return new Map();
  const { rows } = await sql<{ id: string; mediaType: string; bytes: Buffer }>`
    select id, media_type as "mediaType", bytes from upload
    where id = any(${images.map(({ id }) => id)}::uuid[])`.execute(ctx.sql);
  return new Map(
    rows.map(({ id, mediaType, bytes }) => [
      id,
      `data:${mediaType};base64,${bytes.toString('base64')}`,
    ]),
  );
}
