/** The beginning that all turns have in common: who may have one begun, what is stored of it, and who is told. */
import { sql } from 'kysely';
import { usableModel } from '../access/visible-models.ts';
import type { ActorContext, Context } from '../context.ts';
import { signedIn } from '../context.ts';
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
import { titleFrom } from './title.ts';
import type { Turns } from './turns.ts';

declare module '../context.ts' {
  interface Parts {
    readonly turns: Turns;
  }
}

/** @throws Failure UNAUTHENTICATED, FORBIDDEN, RATE_LIMITED, MODEL_UNAVAILABLE when the server is about to close */
export async function asker(ctx: Context): Promise<ActorContext> {
  const actor = signedIn(ctx);
  if (actor.kind === 'project')
    fail('FORBIDDEN', 'A project has no chat: its keys ask on /v1.', { reason: 'project_no_chat' });
  needScope(actor, 'chat', 'graphql');
  ctx.parts.turns.mustBeOpen();
  await spendRequest(ctx, actor);
  return { ...ctx, actor } satisfies ActorContext;
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
export async function beginTurn(ctx: ActorContext, turn: NewTurn): Promise<BegunTurn> {
  const model = usableModel(ctx, turn.model, 'chat');
  const { question, place, uploads = [] } = turn;
  mustSeeImages(ctx, model, uploads);
  const begun = await stored(ctx, { ...turn, model: model.name });
  const { conversation, userMessage, assistantMessage } = begun;
  const account = ctx.actor.accountId;
  ctx.live.publish({ kind: 'conversationChanged', id: conversation.id, account });
  if (userMessage) ctx.live.publish({ kind: 'messageChanged', id: userMessage.id, account });
  const isFirst = place.isNew && question !== null;
  const first = { content: namesake(turn), hasFiles: uploads.length > 0 };
  ctx.parts.turns.start(ctx, assistantMessage, isFirst ? first : null);
  ctx.live.publish({ kind: 'messageChanged', id: assistantMessage.id, account });
  return begun;
}

/** What a conversation is called after: what is said first or, where that is nothing, the file that came first. */
const namesake = ({ question, uploads = [] }: NewTurn): string =>
  question || uploads[0]?.name || '';

/** Files go along in one transaction; without any, one statement is enough. */
async function stored(ctx: ActorContext, turn: NewTurn): Promise<BegunTurn> {
  const { uploads = [] } = turn;
  if (uploads.length === 0) return mapped(ctx, await store(ctx, turn));
  return transact(ctx, async (tx) => {
    const begun = mapped(tx, await store(tx, turn));
    if (begun.userMessage) await attachUploads(tx, begun.userMessage, uploads);
    return begun;
  });
}

interface StoredTurn {
  readonly conversation: object;
  readonly messages: readonly object[];
}

/**
 * One statement, so one transaction: the conversation, the question and the answer that is to come.
 *
 * @throws Failure NOT_FOUND for a conversation that was deleted since it was looked up
 */
async function store(ctx: ActorContext, turn: NewTurn): Promise<StoredTurn> {
  const { place, question, model, settings = null, isTemporary = false, beginning = '' } = turn;
  const { isShown = true } = turn;
  const { conversationId: id, parentId } = place;
  // Messages are ordered by their ids, and the clocks of replicas differ.
  const asked = question === null ? null : newIdAfter(parentId);
  const answered = newIdAfter(asked ?? parentId);
  const used = JSON.stringify(settings ?? place.settings);
  const rows = [
    sql`(${answered}::uuid, ${id}::uuid, ${asked ?? parentId}::uuid, 'assistant', 'streaming', ${model},
      ${beginning}, ${used}::jsonb, ${ctx.parts.replica.id}::uuid)`,
  ];
  if (asked)
    rows.unshift(sql`(${asked}::uuid, ${id}::uuid, ${parentId}::uuid, 'user', 'finished', null,
      ${question}, null::jsonb, null::uuid)`);
  const found = await sql<StoredTurn>`
    with c as (
      insert into conversation as c (id, owner_id, title, model, settings, is_temporary, purge_at, active_message_id,
        created_at, updated_at)
      values (${id}, ${ctx.actor.accountId}, ${titleFrom(namesake(turn))}, ${model}, ${used}::jsonb, ${isTemporary},
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
    select to_jsonb(c) as conversation, (select jsonb_agg(to_jsonb(m) order by m.id) from m) as messages from c
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
