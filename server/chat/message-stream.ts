/** Watching one answer: what is there already, what comes, and how it ended. */
import type { Context } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import type { WatchedText } from '../live/bus.ts';
import { stoppable } from '../live/stoppable.ts';
import { type TextPiece, TextReader, TurnText } from '../live/turn-text.ts';
import type { Message } from './message.entity.ts';
import { ownMessage } from './own.ts';

export type MessageEvent =
  | ({ readonly kind: 'chunk' } & TextPiece)
  | { readonly kind: 'finished'; readonly message: Message };

export interface StreamPlace {
  /** Code points of content that the reader has. */
  readonly after: number;
  /** The same for reasoning; null means all of it when the reader has no content, else none. */
  readonly reasoningAfter: number | null;
}

/** How long to wait before looking again for the text of an answer that another replica has only just opened. */
const LOOK_AGAIN_MS = 200;

/** @throws Failure NOT_FOUND for a message that is not the actor's, INVALID for a negative place */
export async function messageStream(
  ctx: Context,
  id: string,
  place: StreamPlace,
): Promise<AsyncIterableIterator<MessageEvent>> {
  if (place.after < 0 || (place.reasoningAfter ?? 0) < 0)
    fail('INVALID', 'after can not be negative.', { param: 'after' });
  const message = await ownMessage(ctx, id);
  return stoppable((signal) => events(ctx, message, place, signal));
}

async function* events(
  ctx: Context,
  asked: Message,
  place: StreamPlace,
  signal: AbortSignal,
): AsyncGenerator<MessageEvent, void> {
  const { id } = asked;
  const after = {
    content: place.after,
    reasoning: place.reasoningAfter ?? (place.after === 0 ? 0 : Number.POSITIVE_INFINITY),
  };
  let seen = after;
  const watched = await watchedText(ctx, asked, signal);
  if (watched) {
    try {
      for await (const piece of piecesOf(watched.text, after, signal)) {
        seen = { content: piece.position, reasoning: piece.reasoningPosition };
        yield { kind: 'chunk', ...piece };
      }
    } finally {
      watched.release();
    }
  }
  if (signal.aborted) return;
  const message = await ownMessage({ ...ctx, em: ctx.em.fork() }, id);
  // The stored text is the truth: it holds what a lost connection to the writer may have kept from us.
  const rest = new TextReader(textOf(message), seen).next();
  if (rest) yield { kind: 'chunk', ...rest };
  yield { kind: 'finished', message };
}

async function watchedText(
  ctx: Context,
  asked: Message,
  signal: AbortSignal,
): Promise<WatchedText | null> {
  let message = asked;
  while (message.isStreaming && !signal.aborted) {
    const watched = await ctx.live.watchText(message.id);
    if (watched) return watched;
    await pause(signal);
    message = await ownMessage({ ...ctx, em: ctx.em.fork() }, message.id);
  }
  return null;
}

async function* piecesOf(
  text: TurnText,
  after: { content: number; reasoning: number },
  signal: AbortSignal,
): AsyncGenerator<TextPiece, void> {
  const reader = new TextReader(text, after);
  while (!signal.aborted) {
    const { isEnded, version } = text;
    const piece = reader.next();
    if (piece) yield piece;
    if (isEnded && !piece) return;
    // Also after a piece: what was appended while it was sent waits for the next frame.
    await text.changed(version, signal);
  }
}

function textOf(message: Message): TurnText {
  const text = new TurnText();
  text.append(message.content, message.reasoning);
  return text;
}

function pause(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, LOOK_AGAIN_MS);
  signal.addEventListener('abort', () => resolve(), { once: true });
  return promise.finally(() => clearTimeout(timer));
}
