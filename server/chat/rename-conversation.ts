import type { Context } from '../context.ts';
import { transact } from '../db/transact.ts';
import type { Conversation } from './conversation.entity.ts';
import { ownConversation } from './own.ts';

export function renameConversation(ctx: Context, id: string, title: string): Promise<Conversation> {
  return transact(ctx, async (tx) => {
    const conversation = await ownConversation(tx, id);
    conversation.rename(title);
    tx.live.publish({
      kind: 'conversationChanged',
      id: conversation.id,
      account: conversation.ownerId,
    });
    return conversation;
  });
}
