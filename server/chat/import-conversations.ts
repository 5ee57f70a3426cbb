/** Conversations from a file: Lumen's own, or what ChatGPT exports. All of it, or nothing. */
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../context.ts';
import { signedIn } from '../context.ts';
import { transact } from '../db/transact.ts';
import { fail } from '../kernel/failure.ts';
import { newId } from '../kernel/id.ts';
import { storable } from '../kernel/storable.ts';
import { type ChatSettingsWish, chatSettings } from './chat-settings.ts';
import { type ExportedConversation, exportedFile } from './exported-conversation.ts';
import { fromOpenai, openaiFile } from './openai-export.ts';
import { titleFrom } from './title.ts';

/** Gives how many conversations there were. @throws Failure INVALID when the file is neither, or contradicts itself */
export async function importConversations(ctx: Context, file: string): Promise<number> {
  const { accountId, kind } = signedIn(ctx);
  if (kind === 'project')
    fail('FORBIDDEN', 'A project has no chat: its keys ask on /v1.', { reason: 'project_no_chat' });
  const imported = conversationsIn(file).map((one) => rowsOf(one, accountId));
  await transact(ctx, async (tx) => {
    const conversations = JSON.stringify(imported.map(({ conversation }) => conversation));
    const messages = JSON.stringify(imported.flatMap((one) => one.messages));
    await sql`insert into conversation (id, owner_id, title, model, created_at, updated_at, active_message_id, settings)
      select id, owner_id, title, model, created_at, updated_at, active_message_id, settings
      from jsonb_populate_recordset(null::conversation, ${conversations}::jsonb)`.execute(tx.sql);
    await sql`insert into message (id, conversation_id, parent_id, role, status, model, content, reasoning, created_at, finished_at)
      select id, conversation_id, parent_id, role, 'finished', model, content, reasoning, created_at, created_at
      from jsonb_populate_recordset(null::message, ${messages}::jsonb)`.execute(tx.sql);
    for (const { conversation } of imported)
      tx.live.publish({ kind: 'conversationChanged', id: conversation.id, account: accountId });
  });
  return imported.length;
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
    return { ...place, ...said, model, created_at: notAfterNow(message.createdAt) };
  });
  const conversation = {
    id: conversationId,
    owner_id: ownerId,
    title: titleFrom(exported.title),
    model: storable(exported.model),
    created_at: notAfterNow(exported.createdAt),
    updated_at: notAfterNow(exported.updatedAt),
    active_message_id: ids.get(exported.activeMessageId ?? '') ?? null,
    settings: chatSettings(exported.settings as ChatSettingsWish),
  };
  return { conversation, messages };
}

const written = ({ content, reasoning }: { content: string; reasoning: string }) => ({
  content: storable(content),
  reasoning: storable(reasoning),
});

const notAfterNow = (time: string): string =>
  new Date(Math.min(Date.parse(time), Date.now())).toISOString();
