import { sql } from 'kysely';
import type { Context } from '../context.ts';
import type { ChatSettings } from './chat-settings.ts';
import { type PromptContent, withFiles } from './prompt-files.ts';

/** A message as models read it. */
export interface PromptMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: PromptContent;
}

interface Said extends PromptMessage {
  readonly id: string;
  readonly content: string;
  readonly hasFiles: boolean;
}

/**
 * What was said up to and with this message, with the files that came along, oldest first, along its branch; answers
 * without any text are left out.
 *
 * @param seesImages whether the model reads images; else it is told that there are some
 */
export async function historyUpTo(
  ctx: Pick<Context, 'sql'>,
  messageId: string,
  seesImages: boolean,
): Promise<readonly PromptMessage[]> {
  const { rows } = await sql<Said>`
    with recursive branch as (
      select id, parent_id, role, content from message where id = ${messageId}
      union all
      select m.id, m.parent_id, m.role, m.content from message m join branch b on m.id = b.parent_id
    ), said as (
      select id, role, content, exists (select from message_upload u where u.message_id = branch.id) as "hasFiles" from branch
    )
    select * from said where content <> '' or "hasFiles" order by id`.execute(ctx.sql);
  const filed = rows.filter(({ hasFiles }) => hasFiles);
  const contents = filed.length > 0 ? await withFiles(ctx, filed, seesImages) : new Map();
  return rows.map(({ id, role, content }) => ({ role, content: contents.get(id) ?? content }));
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
