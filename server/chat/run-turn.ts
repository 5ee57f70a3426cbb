import type { GatewayContext, Receipt } from '../gateway/ask.ts';
import { Abandoned } from '../gateway/ask.ts';
import { streamCompletion } from '../gateway/complete.ts';
import { Failure } from '../kernel/failure.ts';
import type { TextWriter } from '../live/bus.ts';
import { seesImages } from '../upload/message-uploads.ts';
import { type ChatSettings, parametersOf } from './chat-settings.ts';
import { historyUpTo, type PromptMessage, promptOf } from './history.ts';
import type { EndedAnswer, MessageWriter } from './message-writer.ts';
import { nameConversation } from './name-conversation.ts';
import { Thinking } from './thinking.ts';

declare module '../context.ts' {
  interface Parts {
    readonly messages: MessageWriter;
  }
}

/** What a conversation begins with, so that nothing must be read to answer it. */
export interface FirstQuestion {
  /** What the conversation is called after. */
  readonly content: string;
  /** Whether there is more to it, which must be read. */
  readonly hasFiles: boolean;
}

/** One question and the answer that is being made to it. */
export interface Turn {
  /** Of the answer's message, and of the request. */
  readonly id: string;
  readonly conversationId: string;
  readonly questionId: string;
  readonly model: string;
  readonly first: FirstQuestion | null;
  readonly settings: ChatSettings;
  /** What the answer goes on from; empty for a new one. */
  readonly beginning: string;
}

/** Makes the answer to a question, whoever is watching; never fails: how it ended is the answer's status. */
export async function runTurn(
  ctx: GatewayContext,
  turn: Turn,
  writer: TextWriter,
  signal: AbortSignal,
): Promise<void> {
  const { messages } = ctx.parts;
  writer.append(turn.beginning, '');
  messages.begin(turn.id, writer.text);
  const end = await answer(ctx, turn, writer, signal);
  // Also where the end could not be stored: readers must not wait for a text that grows no more.
  await messages.end({ id: turn.id, text: writer.text, ...end }).finally(() => writer.end());
  const account = ctx.actor.accountId;
  ctx.live.publish({ kind: 'messageChanged', id: turn.id, account });
  ctx.live.publish({ kind: 'conversationChanged', id: turn.conversationId, account });
  if (end.status !== 'finished' || !turn.first) return;
  const said = { question: turn.first.content, answer: writer.text.content.text };
  await nameConversation(ctx, { conversationId: turn.conversationId, ...said }, signal);
}

type End = Omit<EndedAnswer, 'id' | 'text'>;

async function answer(
  ctx: GatewayContext,
  turn: Turn,
  writer: TextWriter,
  signal: AbortSignal,
): Promise<End> {
  let receipt: Promise<Receipt> | null = null;
  let finishReason: string | null = null;
  const thinking = new Thinking();
  try {
    const history = await historyOf(ctx, turn);
    const ask = {
      requestId: turn.id,
      source: 'chat',
      model: turn.model,
      path: '/chat/completions',
      body: { ...parametersOf(turn.settings), messages: promptOf(turn, history) },
    } as const;
    const completion = await streamCompletion(ctx, ask, signal);
    receipt = completion.receipt;
    for await (const deltas of completion.pieces) {
      finishReason = deltas.findLast((delta) => delta.finishReason)?.finishReason ?? finishReason;
      const content = deltas.map((delta) => delta.content).join('');
      const reasoning = deltas.map((delta) => delta.reasoning).join('');
      writer.append(content, reasoning);
      thinking.note(content, reasoning);
    }
    const { ms: reasoningMs } = thinking;
    return { status: 'finished', receipt: await receipt, finishReason, reasoningMs, failure: null };
  } catch (error) {
    const paid = await receipt?.catch(() => null);
    const { ms: reasoningMs } = thinking;
    return { ...endAfter(ctx, turn, error), receipt: paid ?? null, finishReason, reasoningMs };
  }
}

async function historyOf(
  ctx: GatewayContext,
  { first, questionId, model: name }: Turn,
): Promise<readonly PromptMessage[]> {
  if (first && !first.hasFiles) return [{ role: 'user', content: first.content }];
  const model = ctx.config.models.get(name);
  return historyUpTo(ctx, questionId, model === undefined || seesImages(model));
}

function endAfter(
  ctx: GatewayContext,
  turn: Turn,
  error: unknown,
): Pick<End, 'status' | 'failure'> {
  if (error instanceof Abandoned && !error.failure) return { status: error.outcome, failure: null };
  if (error instanceof Abandoned) return endAfter(ctx, turn, error.failure);
  if (error instanceof Failure) {
    ctx.log.warn({ err: error, completion: turn.id }, 'a turn failed');
    return { status: 'failed', failure: { code: error.code, message: error.message } };
  }
  ctx.log.error({ err: error, completion: turn.id }, 'a turn broke');
  return {
    status: 'failed',
    failure: { code: 'INTERNAL', message: `Something went wrong (${turn.id}).` },
  };
}
