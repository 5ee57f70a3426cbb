import type { Context } from '../context.ts';
import { transact } from '../db/transact.ts';
import { type ChatSettingsWish, chatSettings } from './chat-settings.ts';
import type { Conversation } from './conversation.entity.ts';
import { deletedConversation, ownConversation } from './own.ts';

export const renameConversation = (
  ctx: Context,
  id: string,
  title: string,
): Promise<Conversation> => changed(ctx, id, (conversation) => conversation.rename(title));

export const pinConversation = (
  ctx: Context,
  id: string,
  isPinned: boolean,
): Promise<Conversation> =>
  changed(ctx, id, (conversation) => {
    conversation.isPinned = isPinned;
  });

/** From the next answer on. @throws Failure NOT_FOUND, INVALID */
export const setConversationSettings = (
  ctx: Context,
  id: string,
  wish: ChatSettingsWish,
): Promise<Conversation> =>
  changed(ctx, id, (conversation) => {
    conversation.settings = chatSettings(wish);
  });

/** Brings a deleted conversation back, as long as it is not gone. */
export const restoreConversation = (ctx: Context, id: string): Promise<Conversation> =>
  changed(ctx, id, (conversation) => conversation.restore(), deletedConversation);

function changed(
  ctx: Context,
  id: string,
  change: (conversation: Conversation) => void,
  lookUp = ownConversation,
): Promise<Conversation> {
  return transact(ctx, async (tx) => {
    const conversation = await lookUp(tx, id);
    change(conversation);
    const { ownerId: account } = conversation;
    tx.live.publish({ kind: 'conversationChanged', id: conversation.id, account });
    return conversation;
  });
}
