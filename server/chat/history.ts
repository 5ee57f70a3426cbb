import { sql } from 'kysely';
import type { Context } from '../context.ts';

/** A message as models read it. */
export interface PromptMessage {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

/** What was said up to and with this message, oldest first, along its branch; answers without any text are left out. */
export async function historyUpTo(
  ctx: Pick<Context, 'sql'>,
  messageId: string,
): Promise<readonly PromptMessage[]> {
  const { rows } = await sql<PromptMessage>`
    with recursive branch as (
      select id, parent_id, role, content from message where id = ${messageId}
      union all
      select m.id, m.parent_id, m.role, m.content from message m join branch b on m.id = b.parent_id
    )
    select role, content from branch where content <> '' order by id`.execute(ctx.sql);
  return rows;
}
