import { sql } from 'kysely';
import type { Context } from '../context.ts';
import type { ChatSettings } from './chat-settings.ts';

/** A message as models read it. */
export interface PromptMessage {
  readonly role: 'system' | 'user' | 'assistant';
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

/** Few model servers can be told to go on with an unfinished answer; all of them understand this. */
const GO_ON =
  'Continue your last answer exactly where it ends. Do not repeat any of it, and say nothing before.';

/** What a model is asked: what was said, between the system prompt and the beginning of the answer where there are any. */
export function promptOf(
  { settings, beginning }: { readonly settings: ChatSettings; readonly beginning: string },
  history: readonly PromptMessage[],
): readonly PromptMessage[] {
  const { systemPrompt } = settings;
  return [
    ...(systemPrompt ? [{ role: 'system', content: systemPrompt } as const] : []),
    ...history,
    ...(beginning === ''
      ? []
      : [
          { role: 'assistant', content: beginning } as const,
          { role: 'user', content: GO_ON } as const,
        ]),
  ];
}
