import { sql } from 'kysely';
import type { UploadRules } from '../config/config.ts';
import type { ActorContext, Context } from '../context.ts';
import { chatContext } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import { newId } from '../kernel/id.ts';
import { storable } from '../kernel/storable.ts';
import { needScope } from '../key/scopes.ts';
import { spendRequest } from '../rate/spend.ts';
import { type Content, contentOf } from './content.ts';
import { UPLOAD_COLUMNS, type Upload } from './upload.ts';

/** Of one account; of more than these, the oldest go. */
const UNSENT_MAX = 30;

/** What may be uploaded, and by whom: to be asked before a file is read. */
export interface Uploading {
  readonly ctx: ActorContext;
  readonly rules: UploadRules;
}

/** @throws Failure UNAUTHENTICATED, FORBIDDEN, RATE_LIMITED */
export async function beginUpload(asking: Context): Promise<Uploading> {
  const ctx = chatContext(asking);
  const { actor } = ctx;
  needScope(actor, 'chat', 'graphql');
  const rules =
    ctx.config.chat.upload ??
    fail('FORBIDDEN', 'Files can’t be uploaded here: an administrator has switched it off.', {
      reason: 'upload_off',
    });
  await spendRequest(ctx, actor);
  return { ctx, rules };
}

/** @throws Failure TOO_LARGE, with what the file has and what it may have; bytes are null when nobody knows */
export function tooManyBytes(name: string, bytes: number | null, { bytesMax }: UploadRules): never {
  const size = bytes === null ? `more than ${megabytes(bytesMax)}` : megabytes(bytes);
  return fail(
    'TOO_LARGE',
    `“${name}” is ${size}; at most ${megabytes(bytesMax)} may be uploaded.`,
    { param: 'file' },
  );
}

/** Rounded up, so that what is too large never looks as if it were not. */
const megabytes = (bytes: number): string => `${Math.ceil((bytes / 2 ** 20) * 10) / 10} MB`;

/**
 * Keeps a file until it is sent, a day at most. Failures are those of `contentOf` and of `DocumentReader.read`.
 *
 * @param name as `uploadName` gives it
 */
export async function storeUpload(
  { ctx, rules }: Uploading,
  { name, bytes }: { readonly name: string; readonly bytes: Buffer },
): Promise<Upload> {
  const content = await contentOf(bytes, name, rules);
  const { text, isCut } = await textOf(ctx, content, { name, bytes }, rules.textCharactersMax);
  const { accountId } = ctx.actor;
  const { width, height } = content.kind === 'image' ? content : { width: null, height: null };
  const { rows } = await sql<Upload>`
    insert into upload as u (id, account_id, name, media_type, size, bytes, text, is_cut, width, height)
    values (${newId()}, ${accountId}, ${name}, ${content.mediaType}, ${bytes.length}, ${bytes},
      ${text && storable(text)}, ${isCut}, ${width}, ${height})
    returning ${UPLOAD_COLUMNS}`.execute(ctx.sql);
  await sql`
    delete from upload where id in (
      select id from upload where account_id = ${accountId} and conversation_id is null
      order by created_at desc, id desc offset ${UNSENT_MAX})`.execute(ctx.sql);
  const [upload] = rows;
  if (!upload) throw new Error('an insert returned no row');
  return upload;
}

async function textOf(
  { parts }: ActorContext,
  content: Content,
  { name, bytes }: { readonly name: string; readonly bytes: Buffer },
  charactersMax: number,
): Promise<{ readonly text: string | null; readonly isCut: boolean }> {
  if (content.kind === 'image') return { text: null, isCut: false };
  if (content.kind === 'document')
    return parts.documents.read({ name, mediaType: content.mediaType, bytes }, charactersMax);
  const { text } = content;
  return { text: text.slice(0, charactersMax), isCut: text.length > charactersMax };
}
