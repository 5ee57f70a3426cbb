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
  signedIn(ctx);
  const found = await findOwn(ctx, asId(id, 'conversation'));
  return found ?? fail('NOT_FOUND', 'No such conversation.');
}

function findOwn(ctx: Pick<Context, 'em' | 'actor'>, id: string): Promise<Conversation | null> {
  const { accountId } = signedIn(ctx);
  return ctx.em.findOne(Conversation, { id, ownerId: accountId, hiddenAt: null });
}

/** @throws Failure NOT_FOUND, also for somebody else's and for one in a deleted conversation */
export async function ownMessage(ctx: Pick<Context, 'em' | 'actor'>, id: string): Promise<Message> {
  signedIn(ctx);
  const message = await ctx.em.findOne(Message, { id: asId(id, 'message') }, { refresh: true });
  if (!message) return fail('NOT_FOUND', 'No such message.');
  const conversation = await findOwn(ctx, message.conversationId);
  return conversation ? message : fail('NOT_FOUND', 'No such message.');
}
