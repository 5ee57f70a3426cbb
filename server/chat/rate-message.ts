import { sql } from 'kysely';
import type { Context } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import { storable } from '../kernel/storable.ts';
import type { Message, Rating } from './message.entity.ts';
import { ownMessage } from './own.ts';

const NOTE_CHARACTERS_MAX = 2_000;

export interface Feedback {
  /** Null takes it back, and the note with it. */
  readonly rating: Rating | null;
  readonly note: string | null;
}

/** @throws Failure NOT_FOUND, INVALID for what is no answer, TOO_LARGE */
export async function rateMessage(
  ctx: Context,
  id: string,
  { rating, note }: Feedback,
): Promise<Message> {
  const message = await ownMessage(ctx, id);
  if (message.role !== 'assistant') fail('INVALID', 'Only answers can be rated.', { param: 'id' });
  if ((note?.length ?? 0) > NOTE_CHARACTERS_MAX)
    fail('TOO_LARGE', `A note has at most ${NOTE_CHARACTERS_MAX} characters.`, { param: 'note' });
  const kept = rating && storable(note ?? '').trim();
  // Only these columns: the rest may be written by the turn at the same moment.
  await sql`update message set rating = ${rating}, rating_note = ${kept || null} where id = ${message.id}`.execute(
    ctx.sql,
  );
  const account = ctx.actor?.accountId ?? '';
  ctx.live.publish({ kind: 'messageChanged', id: message.id, account });
  return ownMessage(ctx, id);
}
