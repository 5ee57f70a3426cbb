import { LockMode } from '@mikro-orm/core';
import { sql } from 'kysely';
import type { Context } from '../context.ts';
import { transact } from '../db/transact.ts';
import { Message } from './message.entity.ts';
import { ownConversation } from './own.ts';

/** Hides a conversation, or lets it go a moment later, as `chat.remove` says; stops what is answered in it. Gives its id. */
export function deleteConversation(ctx: Context, id: string): Promise<string> {
  return transact(ctx, async (tx) => {
    // Locked, so that nothing is asked in it from here on: what runs then is all that is to be stopped.
    const conversation = await ownConversation(tx, id, LockMode.PESSIMISTIC_WRITE);
    const running = await tx.em.find(Message, {
      conversationId: conversation.id,
      status: 'streaming',
    });
    const now = await databaseTime(tx);
    if (tx.config.chat.remove === 'delete' || conversation.isTemporary) conversation.discard(now);
    else conversation.hide(now);
    tx.live.publish(
      ...running.map((message) => ({ kind: 'stopAsked', message: message.id }) as const),
    );
    tx.live.publish({
      kind: 'conversationDeleted',
      id: conversation.id,
      account: conversation.ownerId,
    });
    return conversation.id;
  });
}

/** Its clock decides when a deleted conversation is gone, whichever replica deleted it. */
async function databaseTime({ sql: connection }: Pick<Context, 'sql'>): Promise<Date> {
  const { rows } = await sql<{ now: string }>`select now()`.execute(connection);
  return new Date(rows[0]?.now ?? Number.NaN);
}
