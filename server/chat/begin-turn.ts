/** The beginning that all turns have in common: who may have one begun, what is stored of it, and who is told. */
import { sql } from 'kysely';
import { usableModel } from '../access/visible-models.ts';
import type { ActorContext, Context } from '../context.ts';
import { chatContext } from '../context.ts';
import { ASYNCHRONOUS } from '../db/asynchronous.ts';
import { transact } from '../db/transact.ts';
import { fail } from '../kernel/failure.ts';
import { newIdAfter } from '../kernel/id.ts';
import { needScope } from '../key/scopes.ts';
import { spendRequest } from '../rate/spend.ts';
import { attachUploads, mustSeeImages } from '../upload/message-uploads.ts';
import type { Upload } from '../upload/upload.ts';
import type { ChatSettings } from './chat-settings.ts';
import { Conversation } from './conversation.entity.ts';
import { Message } from './message.entity.ts';
import type { Place } from './place.ts';
import type { Turn } from './run-turn.ts';
import { titleFrom } from './title.ts';
import type { Turns } from './turns.ts';

declare module '../context.ts' {
  interface Parts {
    readonly turns: Turns;
  }
}

/** @throws Failure UNAUTHENTICATED, FORBIDDEN, RATE_LIMITED, MODEL_UNAVAILABLE when the server is about to close */
export async function asker(asking: Context): Promise<ActorContext> {
  const ctx = chatContext(asking);
  const { actor } = ctx;
  needScope(actor, 'chat', 'graphql');
  ctx.parts.turns.mustBeOpen();
  await spendRequest(ctx, actor);
  return ctx;
}

export interface NewTurn {
  readonly place: Place;
  /** What is asked; null has the message at the place answered again. */
  readonly question: string | null;
  /** What comes with the question. */
  readonly uploads?: readonly Upload[];
  readonly model: string;
  /** Replaces that of the conversation; null leaves it. */
  readonly settings?: ChatSettings | null;
  readonly isTemporary?: boolean;
  /** What the answer goes on from. */
  readonly beginning?: string;
  /** False leaves the conversation on the branch and with the model that it has. */
  readonly isShown?: boolean;
}

export interface BegunTurn {
  readonly conversation: Conversation;
  readonly userMessage: Message | null;
  readonly assistantMessage: Message;
}

/** Stores the turn and starts it; it goes on in the server, whoever is connected. @throws Failure NOT_FOUND, FORBIDDEN */
export async function beginTurn(ctx: ActorContext, wish: NewTurn): Promise<BegunTurn> {
  const model = usableModel(ctx, wish.model, 'chat');
  mustSeeImages(ctx, model, wish.uploads ?? []);
  const turn = turnOf(wish, model.name);
  const rows = await stored(ctx, wish, turn);
  const account = ctx.actor.accountId;
  const isAsked = wish.question !== null;
  ctx.live.publish({ kind: 'conversationChanged', id: turn.conversationId, account });
  if (isAsked) ctx.live.publish({ kind: 'messageChanged', id: turn.questionId, account });
  ctx.parts.turns.start(ctx, turn);
  ctx.live.publish({ kind: 'messageChanged', id: turn.id, account });
  await flushed(ctx, turn);
  return mapped(ctx, rows);
}

function turnOf(wish: NewTurn, model: string): Turn {
  const { place, question, uploads = [], settings, beginning = '' } = wish;
  const { conversationId, parentId, isNew } = place;
  // Messages are ordered by their ids, and the clocks of replicas differ.
  const questionId = question === null ? parentId : newIdAfter(parentId);
  if (questionId === null) throw new Error('an answer has a question');
  const isFirst = isNew && question !== null;
  return {
    id: newIdAfter(questionId),
    conversationId,
    questionId,
    model,
    first: isFirst ? { content: namesake(wish), hasFiles: uploads.length > 0 } : null,
    settings: settings ?? place.settings,
    beginning,
  };
}

/** What a conversation is called after: what is said first or, where that is nothing, the file that came first. */
const namesake = ({ question, uploads = [] }: NewTurn): string =>
  question || uploads[0]?.name || '';

/**
 * Whoever asks is told of the turn when no loss of power can undo it. Meanwhile the coins are held and the model is asked,
 * since disks are slow: a loss of power that takes the turn takes the row of the hold too, which was written after it, and
 * a turn that can't be flushed goes on no longer.
 */
async function flushed({ parts }: ActorContext, { id }: Turn): Promise<void> {
  try {
    await parts.messages.flush();
  } catch (error) {
    parts.turns.interrupt(id);
    throw error;
  }
}

/** Files go along in one transaction; without any, one statement is enough. */
async function stored(ctx: ActorContext, wish: NewTurn, turn: Turn): Promise<StoredTurn> {
  const { uploads = [] } = wish;
  if (uploads.length === 0) return store(ctx, wish, turn);
  return transact(ctx, async (tx) => {
    const rows = await store(tx, wish, turn);
    const { questionId: id, conversationId } = turn;
    if (wish.question !== null) await attachUploads(tx, { id, conversationId }, uploads);
    return rows;
  });
}

interface StoredTurn {
  readonly conversation: object;
  readonly messages: readonly object[];
}

/**
 * One statement, so one transaction: the conversation, the question and the answer that is to come. It is there for all
 * to see at once, and on the disk after `flushed`.
 *
 * @throws Failure NOT_FOUND for a conversation that was deleted since it was looked up
 */
async function store(ctx: ActorContext, wish: NewTurn, turn: Turn): Promise<StoredTurn> {
  const { question, place, isTemporary = false, isShown = true } = wish;
  const { id: answered, conversationId: id, questionId, model, beginning } = turn;
  const used = JSON.stringify(turn.settings);
  const rows = [
    sql`(${answered}::uuid, ${id}::uuid, ${questionId}::uuid, 'assistant', 'streaming', ${model},
      ${beginning}, ${used}::jsonb, ${ctx.parts.replica.id}::uuid)`,
  ];
  if (question !== null)
    rows.unshift(sql`(${questionId}::uuid, ${id}::uuid, ${place.parentId}::uuid, 'user', 'finished', null,
      ${question}, null::jsonb, null::uuid)`);
  const found = await sql<StoredTurn>`
    with ${ASYNCHRONOUS}, c as (
      insert into conversation as c (id, owner_id, title, model, settings, is_temporary, purge_at, active_message_id,
        created_at, updated_at)
      values (${id}, ${ctx.actor.accountId}, ${titleFrom(namesake(wish))}, ${model}, ${used}::jsonb, ${isTemporary},
        case when ${isTemporary} then now() + interval '1 day' end, ${answered},
        date_trunc('milliseconds', now()), date_trunc('milliseconds', now()))
      on conflict (id) do update set settings = excluded.settings, updated_at = excluded.updated_at,
        purge_at = case when c.is_temporary then now() + interval '1 day' end,
        model = case when ${isShown} then excluded.model else c.model end,
        active_message_id = case when ${isShown} then excluded.active_message_id else c.active_message_id end
        where c.hidden_at is null
      returning c.*
    ), m as (
      insert into message (id, conversation_id, parent_id, role, status, model, content, settings, replica_id)
      select said.* from c, (values ${sql.join(rows)}) as said returning *
    )
    select to_jsonb(c) as conversation, (select jsonb_agg(to_jsonb(m) order by m.id) from m) as messages
      from c, asynchronous
  `.execute(ctx.sql);
  const [row] = found.rows;
  return row ?? fail('NOT_FOUND', 'No such conversation.');
}

function mapped({ em }: Context, { conversation, messages }: StoredTurn): BegunTurn {
  const [first, second] = messages.map((message) => em.map(Message, message));
  if (!first) throw new Error('an insert returned no message');
  return {
    conversation: em.map(Conversation, conversation),
    userMessage: second ? first : null,
    assistantMessage: second ?? first,
  };
}
