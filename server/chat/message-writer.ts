/** Saves answers as they grow and as they end; answers that run at the same time share statements. */
import { sql } from 'kysely';
import type { Logger } from 'pino';
import { Grouped } from '../db/grouped.ts';
import type { Sql } from '../db/orm.ts';
import { surely } from '../db/surely.ts';
import type { Receipt } from '../gateway/ask.ts';
import type { FailureCode } from '../kernel/failure.ts';
import { storable } from '../kernel/storable.ts';
import { type TextPiece, TextReader, type TurnText } from '../live/turn-text.ts';
import type { MessageStatus } from './message.entity.ts';

const SAVE_EVERY_MS = 1_000;

export interface EndedAnswer {
  readonly id: string;
  readonly status: Exclude<MessageStatus, 'streaming'>;
  readonly text: TurnText;
  /** Null when nothing was ever sent to a model. */
  readonly receipt: Receipt | null;
  readonly failure: { readonly code: FailureCode; readonly message: string } | null;
  /** The model's own word for why it ended. */
  readonly finishReason: string | null;
  /** How long the model thought; null when it did not. */
  readonly reasoningMs: number | null;
}

/** An answer, and how far it is stored, in code points. */
interface Growing {
  readonly text: TurnText;
  stored: TextReader['place'];
}

export class MessageWriter {
  readonly #sql: Sql;
  readonly #log: Logger;
  readonly #growing = new Map<string, Growing>();
  readonly #grouped = new Grouped<EndedAnswer, undefined>((ended) =>
    surely('saving answers', this.#log, () => this.#finish(ended)),
  );
  readonly #flushes = new Grouped<null, null>((asked) => this.#flush(asked));
  #timer: NodeJS.Timeout | undefined;
  #isSaving = false;

  constructor(connection: Sql, log: Logger) {
    this.#sql = connection;
    this.#log = log;
  }

  /** Resolves when a loss of power can't undo any more what was committed before the call. */
  async flush(): Promise<void> {
    await this.#flushes.add(null);
  }

  /** Saves the text every second from now on. */
  begin(id: string, text: TurnText): void {
    this.#growing.set(id, { text, stored: { content: 0, reasoning: 0 } });
    this.#timer ??= setInterval(() => void this.#saveGrowth(), SAVE_EVERY_MS).unref();
  }

  /** Resolves when the final state is stored. A state that the answer got from elsewhere before stays. */
  end(answer: EndedAnswer): Promise<undefined> {
    this.#growing.delete(answer.id);
    if (this.#growing.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    return this.#grouped.add(answer);
  }

  /** PostgreSQL's log is written in order, so that the end of this transaction on the disk has all before it there. */
  async #flush<T>(asked: readonly T[]): Promise<readonly T[]> {
    await sql`select pg_logical_emit_message(true, 'lumen', '')`.execute(this.#sql);
    return asked;
  }

  async #saveGrowth(): Promise<void> {
    if (this.#isSaving) return;
    this.#isSaving = true;
    try {
      await this.#append([...this.#growing].flatMap(([id, growing]) => growthOf(id, growing)));
    } catch (error) {
      this.#log.warn({ err: error }, 'answers could not be saved as they grow');
    }
    this.#isSaving = false;
  }

  /** Safe to repeat: each piece is put behind as much of the text as was known to be stored. */
  async #append(grown: readonly Growth[]): Promise<void> {
    if (grown.length === 0) return;
    await sql`
      update message set content = left(message.content, g.content_at) || g.content,
        reasoning = left(message.reasoning, g.reasoning_at) || g.reasoning
      from unnest(${grown.map((g) => g.id)}::uuid[],
        ${grown.map((g) => g.growing.stored.content)}::int[], ${grown.map((g) => g.piece.content)}::text[],
        ${grown.map((g) => g.growing.stored.reasoning)}::int[], ${grown.map((g) => g.piece.reasoning)}::text[])
        as g (id, content_at, content, reasoning_at, reasoning)
      where message.id = g.id and status = 'streaming'`.execute(this.#sql);
    for (const { growing, piece } of grown)
      growing.stored = { content: piece.position, reasoning: piece.reasoningPosition };
  }

  async #finish(ended: readonly EndedAnswer[]): Promise<readonly undefined[]> {
    const receipts = ended.map((answer) => answer.receipt);
    await sql`
      update message set status = e.status, content = e.content, reasoning = e.reasoning,
        input_tokens = e.input_tokens, output_tokens = e.output_tokens, reasoning_tokens = e.reasoning_tokens,
        cost = e.cost, first_token_ms = e.first_token_ms, duration_ms = e.duration_ms, failure_code = e.failure_code,
        failure_message = e.failure_message, finish_reason = e.finish_reason,
        reasoning_ms = e.reasoning_ms, finished_at = now()
      from unnest(${ended.map((e) => e.id)}::uuid[], ${ended.map((e) => e.status)}::text[],
        ${ended.map((e) => e.text.content.text)}::text[], ${ended.map((e) => e.text.reasoning.text)}::text[],
        ${receipts.map((r) => r?.usage.inputTokens ?? null)}::int[],
        ${receipts.map((r) => r?.usage.outputTokens ?? null)}::int[],
        ${receipts.map((r) => r?.usage.reasoningTokens ?? null)}::int[],
        ${receipts.map((r) => r?.cost ?? null)}::bigint[],
        ${receipts.map((r) => r?.firstTokenMs ?? null)}::int[],
        ${receipts.map((r) => r?.durationMs ?? null)}::int[],
        ${ended.map((e) => e.failure?.code ?? null)}::text[], ${ended.map((e) => e.failure?.message ?? null)}::text[],
        ${ended.map((e) => e.finishReason && storable(e.finishReason.slice(0, 40)))}::text[],
        ${ended.map((e) => e.reasoningMs)}::int[])
      as e (id, status, content, reasoning, input_tokens, output_tokens, reasoning_tokens, cost, first_token_ms,
        duration_ms, failure_code, failure_message, finish_reason, reasoning_ms)
      where message.id = e.id and message.status = 'streaming'`.execute(this.#sql);
    return ended.map(() => undefined);
  }
}

interface Growth {
  readonly id: string;
  readonly growing: Growing;
  readonly piece: TextPiece;
}

function growthOf(id: string, growing: Growing): Growth[] {
  const piece = new TextReader(growing.text, growing.stored).next();
  return piece ? [{ id, growing, piece }] : [];
}
