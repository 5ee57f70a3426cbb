import { sql } from 'kysely';
import { usableModel } from '../access/visible-models.ts';
import type { ActorContext, Context } from '../context.ts';
import { signedIn } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import { asId, newId } from '../kernel/id.ts';
import { needScope } from '../key/scopes.ts';
import { spendRequest } from '../rate/spend.ts';
import { Conversation } from './conversation.entity.ts';
import { Message } from './message.entity.ts';
import { titleFrom } from './title.ts';
import type { Turns } from './turns.ts';

declare module '../context.ts' {
  interface Parts {
    readonly turns: Turns;
  }
}

export interface SendMessage {
  /** Null begins a new conversation. */
  readonly conversationId: string | null;
  /** Null follows the newest message. */
  readonly parentId: string | null;
  readonly model: string;
  readonly content: string;
}

export interface SentMessage {
  readonly conversation: Conversation;
  readonly userMessage: Message;
  readonly assistantMessage: Message;
}

/**
 * Stores what the actor says and opens the turn that answers it; the turn goes on in the server, whoever is connected.
 *
 * @throws Failure INVALID, TOO_LARGE, NOT_FOUND, FORBIDDEN, ACKNOWLEDGEMENT_NEEDED, RATE_LIMITED: then nothing is stored.
 *   What goes wrong later is told by the answer's status.
 */
export async function sendMessage(ctx: Context, input: SendMessage): Promise<SentMessage> {
  const actor = signedIn(ctx);
  needScope(actor, 'chat', 'graphql');
  ctx.parts.turns.mustBeOpen();
  await spendRequest(ctx, actor);
  const content = readableContent(input.content, ctx.config.chat.messageCharactersMax);
  const model = usableModel({ config: ctx.config, actor }, input.model, 'chat');
  const place = await placeOf(ctx, actor.accountId, input);
  const rows = await store(ctx, { ...place, ownerId: actor.accountId, model: model.name, content });
  const sent = sentMessage(ctx, rows);
  const { id } = sent.conversation;
  ctx.live.publish({ kind: 'conversationChanged', id, account: actor.accountId });
  ctx.live.publish({ kind: 'messageChanged', id: sent.userMessage.id, account: actor.accountId });
  ctx.parts.turns.start(
    { ...ctx, actor } satisfies ActorContext,
    sent.assistantMessage,
    place.isNew ? [{ role: 'user', content }] : null,
  );
  ctx.live.publish({
    kind: 'messageChanged',
    id: sent.assistantMessage.id,
    account: actor.accountId,
  });
  return sent;
}

/** PostgreSQL's text holds neither U+0000 nor half a surrogate pair. */
function readableContent(text: string, charactersMax: number): string {
  if (text.trim() === '')
    fail('INVALID', 'Write something first: the message is empty.', { param: 'content' });
  if (text.length > charactersMax) {
    fail(
      'TOO_LARGE',
      `A message has at most ${charactersMax} characters; this one has ${text.length}.`,
      { param: 'content' },
    );
  }
  return text.replaceAll('\u0000', '\ufffd').toWellFormed();
}

interface Place {
  readonly conversationId: string;
  readonly parentId: string | null;
  readonly isNew: boolean;
}

async function placeOf(ctx: Context, ownerId: string, input: SendMessage): Promise<Place> {
  if (input.conversationId === null) {
    if (input.parentId !== null)
      fail('INVALID', 'parentId needs the conversationId that it belongs to.', {
        param: 'parentId',
      });
    return { conversationId: newId(), parentId: null, isNew: true };
  }
  const conversationId = asId(input.conversationId, 'conversation');
  const parentId = input.parentId === null ? null : asId(input.parentId, 'message');
  const { rows } = await sql<{ parent_id: string | null }>`
    select (select m.id from message m where m.conversation_id = c.id and (${parentId}::uuid is null or m.id = ${parentId})
      order by m.id desc limit 1) as parent_id
    from conversation c where c.id = ${conversationId} and c.owner_id = ${ownerId} and c.hidden_at is null`.execute(
    ctx.sql,
  );
  const [row] = rows;
  if (!row) return fail('NOT_FOUND', 'No such conversation.');
  if (parentId !== null && row.parent_id === null)
    fail('NOT_FOUND', 'No such message in this conversation.');
  return { conversationId, parentId: row.parent_id, isNew: false };
}

interface NewTurn extends Place {
  readonly ownerId: string;
  readonly model: string;
  readonly content: string;
}

interface StoredTurn {
  readonly conversation: object;
  readonly messages: readonly object[];
}

/** One statement, so one transaction: the conversation, the question and the answer that is to come. */
async function store(ctx: Context, turn: NewTurn): Promise<StoredTurn> {
  const question = newId();
  const answer = newId();
  const { conversationId: id, parentId, ownerId, model, content } = turn;
  const { rows } = await sql<{ conversation: object; messages: readonly object[] }>`
    with c as (
      insert into conversation as c (id, owner_id, title, model, created_at, updated_at)
      values (${id}, ${ownerId}, ${titleFrom(content)}, ${model}, date_trunc('milliseconds', now()), date_trunc('milliseconds', now()))
      on conflict (id) do update set model = excluded.model, updated_at = excluded.updated_at
      returning c.*
    ), m as (
      insert into message (id, conversation_id, parent_id, role, status, model, content, replica_id)
      values (${question}, ${id}, ${parentId}, 'user', 'finished', null, ${content}, null),
        (${answer}, ${id}, ${question}, 'assistant', 'streaming', ${model}, '', ${ctx.parts.replica.id}::uuid)
      returning *
    )
    select to_jsonb(c) as conversation, (select jsonb_agg(to_jsonb(m) order by m.id) from m) as messages from c
  `.execute(ctx.sql);
  const [row] = rows;
  if (!row) throw new Error('an insert returned no row');
  return row;
}

function sentMessage(
  { em }: Context,
  { conversation, messages: [question = {}, answer = {}] }: StoredTurn,
): SentMessage {
  return {
    conversation: em.map(Conversation, conversation),
    userMessage: em.map(Message, question),
    assistantMessage: em.map(Message, answer),
  };
}
