/** Conversations as files: Markdown to be read, JSON to be kept and imported again. */
import type { Context } from '../context.ts';
import { type Page, pageSize } from '../kernel/page.ts';
import { uploadsOf } from '../upload/message-uploads.ts';
import type { Conversation } from './conversation.entity.ts';
import { conversationList } from './conversation-list.ts';
import { type ExportedConversation, FORM } from './exported-conversation.ts';
import { markdownOf } from './markdown.ts';
import type { Message } from './message.entity.ts';
import { ownConversation } from './own.ts';
import { messagesOf } from './relations.ts';

/** Of one file: it is made in memory. */
const CONVERSATIONS_MAX = 50;

export type ExportFormat = 'markdown' | 'json';

/** One conversation as text. @throws Failure NOT_FOUND */
export async function exportConversation(
  ctx: Context,
  id: string,
  format: ExportFormat,
): Promise<string> {
  const conversation = await ownConversation(ctx, id);
  return textOf(ctx, [conversation], format);
}

export interface ExportPage {
  readonly text: string;
  readonly next: string | null;
}

/** Part of all conversations, the one that changed last first: a whole file of its own. */
export async function exportConversations(
  ctx: Context,
  { first, after, format }: { first: number; after: string | null; format: ExportFormat },
): Promise<ExportPage> {
  pageSize(first, CONVERSATIONS_MAX);
  const listing = { first, after, search: null, filter: {} };
  const { nodes, next }: Page<Conversation> = await conversationList(ctx, listing);
  return { text: await textOf(ctx, nodes, format), next };
}

async function textOf(
  ctx: Context,
  conversations: readonly Conversation[],
  format: ExportFormat,
): Promise<string> {
  const exported = await exportedConversations(ctx, conversations);
  if (format === 'markdown') return exported.map(markdownOf).join('\n---\n\n');
  return JSON.stringify({ form: FORM, conversations: exported }, null, 2);
}

/** With all their messages. The caller has looked the conversations up through their owner. */
export async function exportedConversations(
  ctx: Context,
  conversations: readonly Conversation[],
): Promise<readonly ExportedConversation[]> {
  const messages = await messagesOf(
    ctx,
    conversations.map(({ id }) => id),
  );
  const files = await filesByMessage(
    ctx,
    messages.flat().map(({ id }) => id),
  );
  return conversations.map((one, at) => ({
    ...exportedOf(one),
    messages: (messages[at] ?? []).map((message) => exportedMessageOf(message, files)),
  }));
}

type Files = ExportedConversation['messages'][number]['uploads'];

async function filesByMessage(
  ctx: Context,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Files>> {
  const uploads = await uploadsOf(ctx, ids);
  const named = uploads.map((files) =>
    files.map(({ name, mediaType, size }) => ({ name, mediaType, size })),
  );
  return new Map(ids.map((id, at) => [id, named[at] ?? []]));
}

const exportedOf = ({
  title,
  model,
  createdAt,
  updatedAt,
  activeMessageId,
  settings,
}: Conversation): Omit<ExportedConversation, 'messages'> => ({
  title,
  model,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
  activeMessageId: activeMessageId ?? null,
  settings: { ...settings },
});

const exportedMessageOf = (
  { id, parentId, role, model, content, reasoning, createdAt }: Message,
  files: ReadonlyMap<string, Files>,
): ExportedConversation['messages'][number] => ({
  id,
  parentId: parentId ?? null,
  role,
  model: model ?? null,
  content,
  reasoning,
  createdAt: createdAt.toISOString(),
  uploads: files.get(id) ?? [],
});
