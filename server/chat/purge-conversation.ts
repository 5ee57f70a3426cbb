import type { Context } from '../context.ts';
import { transact } from '../db/transact.ts';
import { deletedConversation } from './own.ts';

/** Removes a deleted conversation without waiting for its time. Gives its id. @throws Failure NOT_FOUND */
export function purgeConversation(ctx: Context, id: string): Promise<string> {
  return transact(ctx, async (tx) => {
    const conversation = await deletedConversation(tx, id);
    tx.em.remove(conversation);
    return conversation.id;
  });
}
