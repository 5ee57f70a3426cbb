// A message whose sending ended without an answer may have arrived all the same. Before it is sent again, the server is
// asked, so that nothing is asked, or paid for, twice.
import { ask } from '#lib/graphql/client.ts';
import { ConversationDocument, ConversationsDocument } from '#lib/graphql/generated.ts';

/** Conversations that the lost message may have begun: the newest few. */
const CANDIDATES = 3;
/** The clocks of page and server may differ by so much. */
const SKEW_MS = 60_000;

export interface Sent {
  readonly conversationId: string | undefined;
  readonly text: string;
  /** Messages that were there before. */
  readonly knownIds: ReadonlySet<string>;
  /** By the clock of this page, in milliseconds. */
  readonly sentAt: number;
}

async function holds(id: string, { text, knownIds }: Sent): Promise<boolean> {
  const { data } = await ask(ConversationDocument, { id });
  const messages = data?.conversation.messages ?? [];
  return messages.some(
    ({ id, role, content }) => role === 'USER' && content === text && !knownIds.has(id),
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
