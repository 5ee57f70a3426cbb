import { sql } from 'kysely';
import type { Context } from '../context.ts';
import { isDead } from '../gateway/reap-requests.ts';

/** Longer than it takes from storing a turn to running it. */
const FORGOTTEN_AFTER_SECONDS = 30;

/**
 * Marks answers that nobody writes any more as interrupted, those of dead processes and those of this one whose end
 * could not be stored: what was saved of them is kept, and what it cost is taken from the request log. Run it after
 * their requests were settled.
 */
export async function reapTurns(ctx: Pick<Context, 'sql' | 'live' | 'parts'>): Promise<void> {
  const { replica, turns } = ctx.parts;
  const isForgotten = sql<boolean>`(message.created_at < now() - make_interval(secs => ${FORGOTTEN_AFTER_SECONDS})
    and not message.id = any(${turns.runningIds}::uuid[]))`;
  const { rows } = await sql<{ id: string; conversation_id: string; account_id: string }>`
    update message set status = 'interrupted', finished_at = now(), input_tokens = l.input_tokens,
      output_tokens = l.output_tokens, reasoning_tokens = l.reasoning_tokens, cost = l.cost,
      first_token_ms = l.first_token_ms, duration_ms = l.duration_ms
    from message m
      join conversation c on c.id = m.conversation_id
      left join request_log l on l.id = m.id
    where m.status = 'streaming' and m.id = message.id
      and not exists (select 1 from reservation r where r.request_id = m.id)
      and message.status = 'streaming'
      and case when message.replica_id = ${replica.id}::uuid then ${isForgotten} else ${isDead('message.replica_id')} end
    returning message.id, c.id as conversation_id, c.owner_id as account_id`.execute(ctx.sql);
  for (const { id, conversation_id: conversation, account_id: account } of rows) {
    ctx.live.endText(id);
    ctx.live.publish({ kind: 'messageChanged', id, account });
    ctx.live.publish({ kind: 'conversationChanged', id: conversation, account });
  }
}
