/** Watching one answer: what is there already, what comes, and how it ended. */
import { setTimeout as delay } from 'node:timers/promises';
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

/** How long to wait before looking again for a text that can't be watched: only just opened, or Redis is away. */
const LOOK_AGAIN_MS = 200;
/** A text that is quiet for so long is looked up in the store: its writer's last words may have been lost. */
const QUIET_MS = 5_000;

/** @throws Failure NOT_FOUND for a message that is not the actor's, INVALID for a negative place */
export async function messageStream(
  ctx: Context,
  id: string,
  place: StreamPlace,
): Promise<AsyncIterableIterator<MessageEvent>> {
  if (place.after < 0 || (place.reasoningAfter ?? 0) < 0)
    fail('INVALID', 'after can not be negative.', { param: 'after' });
  const message = await ownMessage(ctx, id);
  return stoppable((signal) => ctx.parts.turns.told(events(ctx, message, place, signal)));
}

type Seen = TextReader['place'];

async function* events(
  ctx: Context,
  asked: Message,
  place: StreamPlace,
  signal: AbortSignal,
): AsyncGenerator<MessageEvent, void> {
  let message = asked;
  let seen = firstSeen(place);
  for (;;) {
    if (message.isStreaming) seen = yield* whatComes(ctx, message, seen, signal);
    if (signal.aborted) return;
    message = await ownMessage(ctx.forked(), message.id);
    // The stored text is the truth: it holds what a lost connection to the writer may have kept from us.
    const stored = new TextReader(textOf(message), seen);
    const rest = stored.next();
    seen = stored.place;
    if (rest) yield { kind: 'chunk', ...rest };
    if (!message.isStreaming) return yield { kind: 'finished', message };
  }
}

const firstSeen = ({ after, reasoningAfter }: StreamPlace): Seen => ({
  content: after,
  reasoning: reasoningAfter ?? (after === 0 ? 0 : Number.POSITIVE_INFINITY),
});

/** What is written as long as it can be watched; gives how far that led. */
async function* whatComes(
  ctx: Context,
  message: Message,
  seen: Seen,
  signal: AbortSignal,
): AsyncGenerator<MessageEvent, Seen> {
  const watched = await ctx.live.watchText(message.id);
  if (!watched) {
    await delay(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
    return seen;
  }
  const reader = new TextReader(watched.text, seen);
  yield* piecesOf(watched, reader, signal);
  return reader.place;
}

/** What is written until the text has ended, has been quiet for long, or the signal is aborted. */
async function* piecesOf(
  { text, release }: WatchedText,
  reader: TextReader,
  signal: AbortSignal,
): AsyncGenerator<MessageEvent, void> {
  const leaving = new AbortController();
  const leave = () => leaving.abort();
  const quiet = setTimeout(leave, QUIET_MS);
  signal.addEventListener('abort', leave, { once: true });
  try {
    while (!leaving.signal.aborted && !signal.aborted) {
      const { isEnded, version } = text;
      const piece = reader.next();
      if (piece) {
        quiet.refresh();
        yield { kind: 'chunk', ...piece };
      } else if (isEnded) return;
      // Also after a piece: what was appended while it was sent waits for the next frame.
      await text.changed(version, leaving.signal);
    }
  } finally {
    clearTimeout(quiet);
    signal.removeEventListener('abort', leave);
    release();
  }
}

function textOf(message: Message): TurnText {
  const text = new TurnText();
  text.append(message.content, message.reasoning);
  return text;
}
