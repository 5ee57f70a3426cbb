/** Where in a conversation something is said, looked up through the asker. */
import { sql } from 'kysely';
import type { ActorContext } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import { asId, newId } from '../kernel/id.ts';
import type { ChatSettings } from './chat-settings.ts';
import type { MessageRole, MessageStatus } from './message.entity.ts';

export interface Place {
  readonly conversationId: string;
  /** The message to follow; null at the beginning. */
  readonly parentId: string | null;
  readonly isNew: boolean;
  /** Of the conversation. */
  readonly settings: ChatSettings;
}

export const newPlace = (): Place => ({
  conversationId: newId(),
  parentId: null,
  isNew: true,
  settings: {},
});

/** @param parent null follows the branch that is shown. @throws Failure NOT_FOUND */
export async function placeAfter(
  { sql: connection, actor }: ActorContext,
  conversation: string,
  parent: string | null,
): Promise<Place> {
  const conversationId = asId(conversation, 'conversation');
  const parentId = parent === null ? null : asId(parent, 'message');
  const { rows } = await sql<{ parent_id: string | null; settings: ChatSettings }>`
    select c.settings, coalesce(
      (select m.id from message m where m.id = coalesce(${parentId}::uuid, c.active_message_id) and m.conversation_id = c.id),
      (select m.id from message m where ${parentId}::uuid is null and m.conversation_id = c.id order by m.id desc limit 1)
    ) as parent_id
    from conversation c where c.id = ${conversationId} and c.owner_id = ${actor.accountId} and c.hidden_at is null`.execute(
    connection,
  );
  const [row] = rows;
  if (!row) return fail('NOT_FOUND', 'No such conversation.');
  if (parentId !== null && row.parent_id === null)
    fail('NOT_FOUND', 'No such message in this conversation.');
  return { conversationId, parentId: row.parent_id, isNew: false, settings: row.settings };
}

/** A message that something else shall stand beside. */
export interface Sibling {
  /** Of the message. */
  readonly id: string;
  readonly place: Place;
  readonly model: string;
  readonly status: MessageStatus;
  readonly content: string;
}

/** @param model of the conversation when the message has none. @throws Failure NOT_FOUND, INVALID for another role, or an answer to nothing */
export async function placeBeside(
  { sql: connection, actor }: ActorContext,
  id: string,
  role: MessageRole,
): Promise<Sibling> {
  const { rows } = await sql<BesideRow>`
    select m.id, m.conversation_id, m.parent_id, m.role, m.status, m.content, coalesce(m.model, c.model) as model, c.settings
    from message m join conversation c on c.id = m.conversation_id
    where m.id = ${asId(id, 'message')} and c.owner_id = ${actor.accountId} and c.hidden_at is null`.execute(
    connection,
  );
  const [row] = rows;
  if (!row) return fail('NOT_FOUND', 'No such message.');
  if (row.role !== role)
    fail('INVALID', role === 'user' ? 'This is an answer.' : 'This is no answer.', { param: 'id' });
  if (role === 'assistant' && row.parent_id === null)
    fail('INVALID', 'Nothing was asked before this answer.', { param: 'id' });
  const { conversation_id: conversationId, parent_id: parentId, settings, ...rest } = row;
  return { ...rest, place: { conversationId, parentId, isNew: false, settings } };
}

interface BesideRow {
  readonly id: string;
  readonly conversation_id: string;
  readonly parent_id: string | null;
  readonly role: MessageRole;
  readonly status: MessageStatus;
  readonly content: string;
  readonly model: string;
  readonly settings: ChatSettings;
}
