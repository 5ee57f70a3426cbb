/** Lookups through the asker: there is no way to fetch a conversation or a message by its id alone. */
import { LockMode } from '@mikro-orm/core';
import { raw } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
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
  lockMode: LockMode = LockMode.NONE,
): Promise<Conversation> {
  const { accountId } = signedIn(ctx);
  const own = { id: asId(id, 'conversation'), ownerId: accountId, hiddenAt: null };
  const found = await ctx.em.findOne(Conversation, own, { lockMode });
  return found ?? fail('NOT_FOUND', 'No such conversation.');
}

/** One that was deleted and can be restored, locked: else it may be gone when it is. @throws Failure NOT_FOUND */
export async function deletedConversation(
  ctx: Pick<Context, 'em' | 'actor'>,
  id: string,
): Promise<Conversation> {
  const { accountId: ownerId } = signedIn(ctx);
  const restorable = {
    id: asId(id, 'conversation'),
    ownerId,
    hiddenAt: { $ne: null },
    isTemporary: false,
    $or: [{ purgeAt: null }, { purgeAt: { $gt: raw('now()') } }],
  };
  const found = await ctx.em.findOne(Conversation, restorable, {
    lockMode: LockMode.PESSIMISTIC_WRITE,
  });
  return found ?? fail('NOT_FOUND', 'No such conversation.');
}

/** As it is stored now. @throws Failure NOT_FOUND, also for somebody else's and for one in a deleted conversation */
export async function ownMessage(ctx: Pick<Context, 'em' | 'actor'>, id: string): Promise<Message> {
  const { accountId } = signedIn(ctx);
  // One statement: a reader waits for it before the first word of an answer.
  const { rows } = await sql<object>`
    select m.* from message m join conversation c on c.id = m.conversation_id
    where m.id = ${asId(id, 'message')} and c.owner_id = ${accountId} and c.hidden_at is null`.execute(
    ctx.em.getKysely(),
  );
  return rows[0] ? ctx.em.map(Message, rows[0]) : fail('NOT_FOUND', 'No such message.');
}
