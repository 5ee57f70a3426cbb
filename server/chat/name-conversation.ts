import { sql } from 'kysely';
import type { GatewayContext } from '../gateway/ask.ts';
import { streamCompletion } from '../gateway/complete.ts';
import { newId } from '../kernel/id.ts';
import { titleFrom } from './title.ts';

const READ_CHARACTERS_MAX = 2_000;
/** Room for models that think first. */
const TOKENS_MAX = 500;
const WISH =
  'Give the conversation below a title of two to six words in its own language. Answer with the title alone, without quotes or a full stop.';

export interface FirstTurn {
  readonly conversationId: string;
  readonly question: string;
  readonly answer: string;
}

/**
 * Has `chat.title_model` name a conversation, unless a person has done so. Paid by the actor, who must be allowed to use
 * that model; whatever goes wrong, the first words stay the title.
 */
export async function nameConversation(
  ctx: GatewayContext,
  turn: FirstTurn,
  signal: AbortSignal,
): Promise<void> {
  const model = ctx.config.chat.titleModel;
  if (model === null) return;
  try {
    const title = titleFrom(unquoted(await asked(ctx, model, turn, signal)));
    await rename(ctx, turn, title);
  } catch (error) {
    const { conversationId: conversation } = turn;
    ctx.log.info({ err: error, conversation }, 'a conversation got no better title');
  }
}

async function asked(
  ctx: GatewayContext,
  model: string,
  { question, answer }: FirstTurn,
  signal: AbortSignal,
): Promise<string> {
  const [said, answered] = [question, answer].map((text) => text.slice(0, READ_CHARACTERS_MAX));
  const content = `${WISH}\n\nUser: ${said}\n\nAssistant: ${answered}`;
  const ask = {
    requestId: newId(),
    source: 'chat',
    model,
    path: '/chat/completions',
    body: { messages: [{ role: 'user', content }], max_tokens: TOKENS_MAX },
  } as const;
  const completion = await streamCompletion(ctx, ask, signal);
  let text = '';
  for await (const deltas of completion.pieces) text += deltas.map((d) => d.content).join('');
  if (text.trim() === '') throw new Error('the title model said nothing');
  return text;
}

const unquoted = (title: string): string => title.trim().replace(/^["'“„«]+|["'”“».]+$/gu, '');

/** A title that is no longer the first words is a person's choice. */
async function rename(
  ctx: GatewayContext,
  { conversationId, question }: FirstTurn,
  title: string,
): Promise<void> {
  const { rows } = await sql`
    update conversation set title = ${title}
    where id = ${conversationId} and title = ${titleFrom(question)} returning id`.execute(ctx.sql);
  if (rows.length === 0) return;
  const { accountId: account } = ctx.actor;
  ctx.live.publish({ kind: 'conversationChanged', id: conversationId, account });
}
