/** Which files came with which messages. */
import { sql } from 'kysely';
import { visibleModels } from '../access/visible-models.ts';
import type { ModelConfig } from '../config/config.ts';
import type { ActorContext, Context } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import { asId } from '../kernel/id.ts';
import { isImage, UPLOAD_COLUMNS, type Upload } from './upload.ts';

export const UPLOADS_PER_MESSAGE_MAX = 10;
const NAMED_MODELS_MAX = 5;

/** Of each message, in the order in which they were added. The caller has looked the messages up through their owner. */
export async function uploadsOf(
  { sql: connection }: Pick<Context, 'sql'>,
  messageIds: readonly string[],
): Promise<readonly (readonly Upload[])[]> {
  const { rows } = await sql<Upload & { readonly messageId: string }>`
    select m.message_id as "messageId", ${UPLOAD_COLUMNS}
    from message_upload m join upload u on u.id = m.upload_id
    where m.message_id = any(${messageIds}::uuid[]) order by m.position`.execute(connection);
  const byMessage = Map.groupBy(rows, ({ messageId }) => messageId);
  return messageIds.map((id) => byMessage.get(id) ?? []);
}

/**
 * The actor's files by their ids, in that order, to be sent in a conversation: each is new, or was sent there before.
 *
 * @throws Failure NOT_FOUND with what to do, INVALID for too many, or for one twice
 */
export async function uploadsToSend(
  { sql: connection, actor }: ActorContext,
  given: readonly string[],
  conversationId: string,
): Promise<readonly Upload[]> {
  if (given.length === 0) return [];
  const ids = [...new Set(given.map((id) => asId(id, 'upload')))];
  if (ids.length > UPLOADS_PER_MESSAGE_MAX)
    fail('INVALID', `A message takes up to ${UPLOADS_PER_MESSAGE_MAX} files.`, {
      param: 'uploadIds',
    });
  const { rows } = await sql<Upload>`
    select ${UPLOAD_COLUMNS} from upload u
    where u.id = any(${ids}::uuid[]) and ${mayBeSent(actor.accountId, conversationId)}`.execute(
    connection,
  );
  const byId = new Map(rows.map((upload) => [upload.id, upload]));
  return ids.map((id) => byId.get(id) ?? goneMeanwhile());
}

/** Puts the files to a message that was just stored. @throws Failure NOT_FOUND when one of them is gone meanwhile */
export async function attachUploads(
  tx: Pick<ActorContext, 'sql' | 'actor'>,
  message: { readonly id: string; readonly conversationId: string },
  uploads: readonly Upload[],
): Promise<void> {
  const ids = uploads.map(({ id }) => id);
  const { rows } = await sql<{ id: string }>`
    update upload u set conversation_id = ${message.conversationId}
    where u.id = any(${ids}::uuid[]) and ${mayBeSent(tx.actor.accountId, message.conversationId)}
    returning u.id`.execute(tx.sql);
  if (rows.length < ids.length) goneMeanwhile();
  await sql`
    insert into message_upload (message_id, upload_id, position)
    select ${message.id}, id, position
    from unnest(${ids}::uuid[]) with ordinality as given (id, position)`.execute(tx.sql);
}

const mayBeSent = (accountId: string, conversationId: string) => sql`
  u.account_id = ${accountId} and (u.conversation_id is null or u.conversation_id = ${conversationId})`;

const goneMeanwhile = (): never =>
  fail(
    'NOT_FOUND',
    'One of the files is not there any more: files wait a day to be sent. Remove it, and upload it again.',
    { reason: 'upload_gone', param: 'uploadIds' },
  );

/** A model of which nothing is known may see. @throws Failure INVALID with the models that do, when this one does not */
export function mustSeeImages(
  ctx: ActorContext,
  model: ModelConfig,
  uploads: readonly Upload[],
): void {
  if (!uploads.some(isImage) || seesImages(model)) return;
  const seeing = visibleModels(ctx)
    .filter((one) => one.inputModalities?.includes('image') && one.effectiveAccess === 'ALLOWED')
    .map(({ name }) => name);
  const advice =
    seeing.length > 0
      ? `Choose one that does: ${seeing.slice(0, NAMED_MODELS_MAX).join(', ')}.`
      : 'Remove the images, or ask an administrator for a model that does.';
  fail('INVALID', `“${model.name}” can’t see images. ${advice}`, {
    reason: 'no_vision',
    param: 'uploadIds',
  });
}

export const seesImages = ({ inputModalities }: ModelConfig): boolean =>
  inputModalities === null || inputModalities.includes('image');
