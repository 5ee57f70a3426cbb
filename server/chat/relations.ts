/** What belongs to conversations, read for many of them at once. */
import { sql } from 'kysely';
import type { Context } from '../context.ts';
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
