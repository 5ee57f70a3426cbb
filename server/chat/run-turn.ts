import type { GatewayContext, Receipt } from '../gateway/ask.ts';
import { Abandoned } from '../gateway/ask.ts';
import { streamCompletion } from '../gateway/complete.ts';
import { Failure } from '../kernel/failure.ts';
import type { TextWriter } from '../live/bus.ts';
import { type ChatSettings, parametersOf } from './chat-settings.ts';
import { historyUpTo, type PromptMessage, promptOf } from './history.ts';
import type { EndedAnswer, MessageWriter } from './message-writer.ts';
import { nameConversation } from './name-conversation.ts';

declare module '../context.ts' {
  interface Parts {
    readonly messages: MessageWriter;
  }
}

/** One question and the answer that is being made to it. */
export interface Turn {
  /** Of the answer's message, and of the request. */
  readonly id: string;
  readonly conversationId: string;
  readonly questionId: string;
  readonly model: string;
  /** Null when it must be read first; it is known of the first turn of a conversation. */
  readonly history: readonly PromptMessage[] | null;
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
  await messages.end({ id: turn.id, text: writer.text, ...end });
  writer.end();
  const account = ctx.actor.accountId;
  ctx.live.publish({ kind: 'messageChanged', id: turn.id, account });
  ctx.live.publish({ kind: 'conversationChanged', id: turn.conversationId, account });
  const [question] = turn.history ?? [];
  if (end.status !== 'finished' || !question) return;
  const said = { question: question.content, answer: writer.text.content.text };
  await nameConversation(ctx, { conversationId: turn.conversationId, ...said }, signal);
}

type End = Pick<EndedAnswer, 'status' | 'receipt' | 'failure' | 'finishReason'>;

async function answer(
  ctx: GatewayContext,
  turn: Turn,
  writer: TextWriter,
  signal: AbortSignal,
): Promise<End> {
  let receipt: Promise<Receipt> | null = null;
  let finishReason: string | null = null;
  try {
    const history = turn.history ?? (await historyUpTo(ctx, turn.questionId));
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
      writer.append(deltas.map((d) => d.content).join(''), deltas.map((d) => d.reasoning).join(''));
    }
    return { status: 'finished', receipt: await receipt, finishReason, failure: null };
  } catch (error) {
    const paid = await receipt?.catch(() => null);
    return { ...endAfter(ctx, turn, error), receipt: paid ?? null, finishReason };
  }
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
