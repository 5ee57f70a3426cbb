import type { Context } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import { asker, type BegunTurn, beginTurn } from './begin-turn.ts';
import { placeBeside } from './place.ts';

export interface OtherAnswer {
  /** Null asks the same model. */
  readonly model: string | null;
  /** Whether the conversation goes on from it. */
  readonly isShown: boolean;
}

/**
 * Has a question answered once more, by the same model or another, beside the answers that it has. Failures as of
 * sendMessage.
 */
export async function regenerateAnswer(
  asking: Context,
  id: string,
  { model, isShown }: OtherAnswer,
): Promise<BegunTurn> {
  const ctx = await asker(asking);
  const { place, model: first } = await placeBeside(ctx, id, 'assistant');
  return beginTurn(ctx, { place, question: null, model: model ?? first, isShown });
}

/**
 * Has a model go on where an answer was stopped, interrupted or cut off. What comes of it is an answer of its own, which
 * begins with the text that there was, so that each answer has one request and one price. Failures as of sendMessage.
 */
export async function continueAnswer(
  asking: Context,
  id: string,
  model: string | null,
): Promise<BegunTurn> {
  const ctx = await asker(asking);
  const { place, status, content, model: first } = await placeBeside(ctx, id, 'assistant');
  if (status === 'streaming') fail('CONFLICT', 'This answer is still being written.');
  return beginTurn(ctx, { place, question: null, model: model ?? first, beginning: content });
}
