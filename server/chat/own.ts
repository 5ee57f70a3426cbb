/** Lookups through the asker: there is no way to fetch a conversation or a message by its id alone. */
import type { Context } from '../context.ts';
import { signedIn } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import { asId } from '../kernel/id.ts';
import { Conversation } from './conversation.entity.ts';
import { Message } from './message.entity.ts';

/** @throws Failure NOT_FOUND, also for somebody else's and for a deleted one */
export async function ownConversation(
  ctx: Pick<Context, 'em' | 'actor'>,
  id: string,
): Promise<Conversation> {
  const { accountId } = signedIn(ctx);
  const found = await ctx.em.findOne(Conversation, {
    id: asId(id, 'conversation'),
    ownerId: accountId,
    hiddenAt: null,
  });
  return found ?? fail('NOT_FOUND', 'No such conversation.');
}

/** @throws Failure NOT_FOUND, also for somebody else's and for one in a deleted conversation */
export async function ownMessage(ctx: Pick<Context, 'em' | 'actor'>, id: string): Promise<Message> {
  const message = await ctx.em.findOne(Message, { id: asId(id, 'message') }, { refresh: true });
  if (!message) return fail('NOT_FOUND', 'No such message.');
  await ownConversation(ctx, message.conversationId).catch(() =>
    fail('NOT_FOUND', 'No such message.'),
  );
  return message;
}
