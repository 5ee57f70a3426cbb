/** What belongs to conversations, read for many of them at once. */
import { sql } from 'kysely';
import { type Context, signedIn } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import { Conversation } from './conversation.entity.ts';
import { Message } from './message.entity.ts';

/** All messages of each conversation, oldest first. The caller has looked the conversations up through their owner. */
export async function messagesOf(
  { em }: Context,
  ids: readonly string[],
): Promise<readonly (readonly Message[])[]> {
  const found = await em.find(
    Message,
    { conversationId: { $in: [...ids] } },
    { orderBy: { id: 'asc' } },
  );
  const byConversation = Map.groupBy(found, (message) => message.conversationId);
  return ids.map((id) => byConversation.get(id) ?? []);
}

/** Of several conversations, so many are read at once. */
const MESSAGES_TOGETHER_MAX = 10_000;

/** The same for whoever may ask for very much. @throws Failure TOO_LARGE for several conversations with very many together */
export async function messagesAsked(
  ctx: Context,
  ids: readonly string[],
): Promise<readonly (readonly Message[])[]> {
  if (ids.length > 1 && (await areTooMany(ctx, ids)))
    fail('TOO_LARGE', 'These conversations have too many messages. Ask for fewer at a time.');
  return messagesOf(ctx, ids);
}

async function areTooMany(ctx: Pick<Context, 'sql'>, ids: readonly string[]): Promise<boolean> {
  const { rows } = await sql`
    select from message where conversation_id = any(${ids}::uuid[])
    offset ${MESSAGES_TOGETHER_MAX} limit 1`.execute(ctx.sql);
  return rows.length > 0;
}

/** Conversations of the actor's, each of which must be there. */
export async function ownConversations(
  { em, actor }: Context,
  ids: readonly string[],
): Promise<readonly Conversation[]> {
  const { accountId: ownerId } = signedIn({ actor });
  const found = await em.find(Conversation, { id: { $in: [...ids] }, ownerId, hiddenAt: null });
  const byId = new Map(found.map((conversation) => [conversation.id, conversation]));
  return ids.map((id) => byId.get(id) ?? fail('NOT_FOUND', 'No such conversation.'));
}

/** Whether an answer is being written in each conversation. */
export async function areRunning(
  ctx: Context,
  ids: readonly string[],
): Promise<readonly boolean[]> {
  const { rows } = await sql<{ conversation_id: string }>`
    select distinct conversation_id from message
    where conversation_id = any(${ids}::uuid[]) and status = 'streaming'`.execute(ctx.sql);
  const running = new Set(rows.map((row) => row.conversation_id));
  return ids.map((id) => running.has(id));
}
