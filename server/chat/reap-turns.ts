import { sql } from 'kysely';
import type { Context } from '../context.ts';
import { isDead } from '../gateway/reap-requests.ts';

/**
 * Marks the answers of dead processes as interrupted: what they had saved is kept, and what it cost is taken from the
 * request log. Run it after their requests were settled.
 */
export async function reapTurns(ctx: Pick<Context, 'sql' | 'live' | 'parts'>): Promise<void> {
  const { rows } = await sql<{ id: string; conversation_id: string; account_id: string }>`
    update message set status = 'interrupted', finished_at = now(), input_tokens = l.input_tokens,
      output_tokens = l.output_tokens, reasoning_tokens = l.reasoning_tokens, cost = l.cost,
      first_token_ms = l.first_token_ms, duration_ms = l.duration_ms
    from message m
      join conversation c on c.id = m.conversation_id
      left join request_log l on l.id = m.id
    where m.status = 'streaming' and m.id = message.id
      and not exists (select 1 from reservation r where r.request_id = m.id)
      and message.status = 'streaming' and ${isDead('message.replica_id')}
      and message.replica_id is distinct from ${ctx.parts.replica.id}::uuid
    returning message.id, c.id as conversation_id, c.owner_id as account_id`.execute(ctx.sql);
  for (const { id, conversation_id: conversation, account_id: account } of rows) {
    ctx.live.endText(id);
    ctx.live.publish({ kind: 'messageChanged', id, account });
    ctx.live.publish({ kind: 'conversationChanged', id: conversation, account });
  }
}
