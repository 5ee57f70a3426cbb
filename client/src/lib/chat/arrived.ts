// The server may know the key of a message and yet not what came of it: its process died, or the model was changed
// before it was sent again. Then it is asked for the message itself.
import { ask } from '#lib/graphql/client.ts';
import { ConversationDocument, ConversationsDocument } from '#lib/graphql/generated.ts';
import type { Sent } from './sent.ts';

/** Conversations that the lost message may have begun: the newest few. */
const CANDIDATES = 3;
/** The clocks of page and server may differ by so much. */
const SKEW_MS = 60_000;

async function holds(id: string, { text, lastId }: Sent): Promise<boolean> {
  const { data } = await ask(ConversationDocument, { id });
  const messages = data?.conversation.messages ?? [];
  return messages.some(
    ({ id, role, content }) => role === 'USER' && content === text && id > lastId,
  );
}

/** The conversation that holds the message, if it has arrived. */
export async function arrivedIn(sent: Sent): Promise<string | undefined> {
  const { conversationId, sentAt } = sent;
  if (conversationId !== undefined)
    return (await holds(conversationId, sent)) ? conversationId : undefined;
  const { data } = await ask(ConversationsDocument, { first: CANDIDATES });
  for (const { id, createdAt } of data?.conversations.nodes ?? []) {
    if (Date.parse(createdAt) >= sentAt - SKEW_MS && (await holds(id, sent))) return id;
  }
  return undefined;
}
