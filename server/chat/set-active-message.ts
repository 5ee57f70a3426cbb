import { sql } from 'kysely';
import type { Context } from '../context.ts';
import type { Conversation } from './conversation.entity.ts';
import { ownConversation, ownMessage } from './own.ts';

/** Has the branch through this message shown, down to what was said last on it. @throws Failure NOT_FOUND */
export async function setActiveMessage(ctx: Context, id: string): Promise<Conversation> {
  const message = await ownMessage(ctx, id);
  // Later messages have later ids, so the last one below is the end of a branch.
  await sql`
    with recursive below as (
      select id from message where id = ${message.id}
      union all select m.id from message m join below b on m.parent_id = b.id
    )
    update conversation set active_message_id = (select id from below order by id desc limit 1)
    where id = ${message.conversationId}`.execute(ctx.sql);
  const conversation = await ownConversation(ctx, message.conversationId);
  const { id: changed, ownerId: account } = conversation;
  ctx.live.publish({ kind: 'conversationChanged', id: changed, account });
  return conversation;
}
