import { sql } from 'kysely';
import type { Config } from '../config/config.ts';
import type { Context } from '../context.ts';
import type { Conversation } from './conversation.entity.ts';

/** Rows of one statement: each takes its messages with it. */
const CONVERSATIONS_MAX = 200;
const DAY_MS = 86_400_000;

/** When its time is over; null when it stays, deleted or not. */
export function goneAt(
  { chat: { purgeAfterDays } }: Config,
  { hiddenAt, purgeAt }: Pick<Conversation, 'hiddenAt' | 'purgeAt'>,
): Date | null {
  if (purgeAt) return purgeAt;
  if (!hiddenAt || purgeAfterDays === 0) return null;
  return new Date(hiddenAt.getTime() + purgeAfterDays * DAY_MS);
}

/** Removes the conversations whose time is over: temporary ones, those deleted for good, and those hidden for long. */
export async function purgeConversations({
  sql: connection,
  config,
}: Pick<Context, 'sql' | 'config'>): Promise<void> {
  const { purgeAfterDays: days } = config.chat;
  for (;;) {
    const { rows } = await sql`
      delete from conversation where id in (
        select id from conversation
        where purge_at < now() or (hidden_at is not null and ${days}::int > 0
          and hidden_at < now() - make_interval(days => ${days}::int))
        limit ${CONVERSATIONS_MAX}
      ) returning id`.execute(connection);
    if (rows.length < CONVERSATIONS_MAX) return;
  }
}
