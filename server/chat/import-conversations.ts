/** Conversations from a file: Lumen's own, or what ChatGPT exports. All of it, or nothing. */
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../context.ts';
import { chatContext } from '../context.ts';
import { transact } from '../db/transact.ts';
import { fail } from '../kernel/failure.ts';
import { newId } from '../kernel/id.ts';
import { storable } from '../kernel/storable.ts';
import { type ChatSettingsWish, chatSettings } from './chat-settings.ts';
import { type ExportedConversation, exportedFile } from './exported-conversation.ts';
import { fromOpenai, openaiFile } from './openai-export.ts';
import { titleFrom } from './title.ts';

/**
 * Gives how many conversations were added; those that an import has brought before, and that are still there, are left
 * as they are. @throws Failure INVALID when the file is neither, or contradicts itself
 */
export async function importConversations(ctx: Context, file: string): Promise<number> {
  const { accountId } = chatContext(ctx).actor;
  const imported = conversationsIn(file).map((one) => rowsOf(one, accountId));
  return transact(ctx, async (tx) => {
    // One import of an account at a time: each sees what the one before has brought.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`import:${accountId}`}, 0))`.execute(
      tx.sql,
    );
    const added = await insert(tx, imported);
    for (const id of added)
      tx.live.publish({ kind: 'conversationChanged', id, account: accountId });
    return added.length;
  });
}

/** Gives the ids of those conversations that were not there. */
async function insert(
  tx: Pick<Context, 'sql'>,
  imported: readonly ReturnType<typeof rowsOf>[],
): Promise<readonly string[]> {
  const conversations = JSON.stringify(imported.map(({ conversation }) => conversation));
  const messages = JSON.stringify(imported.flatMap((one) => one.messages));
  const { rows } = await sql<{ id: string }>`
    insert into conversation (id, owner_id, title, model, created_at, updated_at, active_message_id, settings, imported_digest)
    select distinct on (imported_digest)
      id, owner_id, title, model, created_at, updated_at, active_message_id, settings, imported_digest
    from jsonb_populate_recordset(null::conversation, ${conversations}::jsonb) n
    where not exists (select from conversation c
      where c.owner_id = n.owner_id and c.imported_digest = n.imported_digest and c.hidden_at is null)
    returning id`.execute(tx.sql);
  const ids = rows.map(({ id }) => id);
  await sql`
    insert into message (id, conversation_id, parent_id, role, status, model, content, reasoning, created_at, finished_at)
    select id, conversation_id, parent_id, role, 'finished', model, content, reasoning, created_at, created_at
    from jsonb_populate_recordset(null::message, ${messages}::jsonb)
    where conversation_id = any(${ids}::uuid[])`.execute(tx.sql);
  return ids;
}

function conversationsIn(file: string): readonly ExportedConversation[] {
  const json = parsed(file);
  if (Array.isArray(json)) return valid(openaiFile, json).map(fromOpenai);
  return valid(exportedFile, json).conversations;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return refuse('it is not JSON');
  }
}

function valid<T>(shape: z.ZodType<T>, json: unknown): T {
  const { success, data, error } = shape.safeParse(json);
  if (success) return data;
  const [issue] = error.issues;
  return refuse(`${issue?.path.join('.') || 'the whole'}: ${issue?.message}`);
}

const refuse = (why: string): never =>
  fail('INVALID', `This is no export of Lumen's or of ChatGPT's (${why}).`, {
    param: 'file',
    reason: 'not_an_export',
  });

/** With ids of our own: those of the file may be anybody's. */
function rowsOf(exported: ExportedConversation, ownerId: string) {
  const conversationId = newId();
  const ids = new Map<string, string>();
  const messages = exported.messages.map((message) => {
    const { parentId } = message;
    const parent = parentId === null ? null : ids.get(parentId);
    if (parent === undefined) return refuse('a message stands before the one that it follows');
    const id = newId();
    ids.set(message.id, id);
    const model = message.role === 'user' ? null : storable(message.model ?? exported.model);
    const said = { role: message.role, ...written(message) };
    const place = { id, conversation_id: conversationId, parent_id: parent };
    return { ...place, ...said, model, created_at: possible(message.createdAt) };
  });
  const conversation = {
    id: conversationId,
    owner_id: ownerId,
    title: titleFrom(exported.title),
    model: storable(exported.model),
    created_at: possible(exported.createdAt),
    updated_at: possible(exported.updatedAt),
    active_message_id: ids.get(exported.activeMessageId ?? '') ?? null,
    settings: chatSettings(exported.settings as ChatSettingsWish),
    imported_digest: digestOf(exported),
  };
  return { conversation, messages };
}

/** Of what was said, and not of what it is called: a title is changed, and is still that of the same conversation. */
function digestOf({ messages, title, createdAt }: ExportedConversation): string {
  const said = messages.map(({ id, parentId, role, content }) => [id, parentId, role, content]);
  const whole = JSON.stringify(said.length > 0 ? said : [title, createdAt]);
  return createHash('sha256').update(whole).digest('base64url');
}

const written = ({ content, reasoning }: { content: string; reasoning: string }) => ({
  content: storable(content),
  reasoning: storable(reasoning),
});

/** Neither in the future nor before what databases know. */
const possible = (time: string): string =>
  new Date(Math.min(Math.max(Date.parse(time), 0), Date.now())).toISOString();
