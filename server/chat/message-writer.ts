/** Saves answers as they grow and as they end; answers that run at the same time share statements. */
import { sql } from 'kysely';
import type { Logger } from 'pino';
import { Grouped } from '../db/grouped.ts';
import type { Sql } from '../db/orm.ts';
import { surely } from '../db/surely.ts';
import type { Receipt } from '../gateway/ask.ts';
import type { FailureCode } from '../kernel/failure.ts';
import type { TurnText } from '../live/turn-text.ts';
import type { MessageStatus } from './message.entity.ts';

const SAVE_EVERY_MS = 1_000;

export interface EndedAnswer {
  readonly id: string;
  readonly status: Exclude<MessageStatus, 'streaming'>;
  readonly text: TurnText;
  /** Null when nothing was ever sent to a model. */
  readonly receipt: Receipt | null;
  readonly failure: { readonly code: FailureCode; readonly message: string } | null;
}

export class MessageWriter {
  readonly #sql: Sql;
  readonly #log: Logger;
  readonly #growing = new Map<
    string,
    { readonly text: TurnText; content: number; reasoning: number }
  >();
  readonly #grouped = new Grouped<EndedAnswer, undefined>((ended) =>
    surely('saving answers', this.#log, () => this.#finish(ended)),
  );
  #timer: NodeJS.Timeout | undefined;

  constructor(connection: Sql, log: Logger) {
    this.#sql = connection;
    this.#log = log;
  }

  /** Saves the text every second from now on. */
  begin(id: string, text: TurnText): void {
    this.#growing.set(id, { text, content: 0, reasoning: 0 });
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

  async #saveGrowth(): Promise<void> {
    const grown = [...this.#growing].map(([id, saved]) => ({ id, saved, ...growthSince(saved) }));
    const rows = grown.filter(({ content, reasoning }) => content !== '' || reasoning !== '');
    if (rows.length === 0) return;
    for (const { saved, content, reasoning } of rows) {
      saved.content += content.length;
      saved.reasoning += reasoning.length;
    }
    await sql`
      update message set content = message.content || g.content, reasoning = message.reasoning || g.reasoning
      from unnest(${rows.map((r) => r.id)}::uuid[], ${rows.map((r) => r.content)}::text[],
        ${rows.map((r) => r.reasoning)}::text[]) as g (id, content, reasoning)
      where message.id = g.id and status = 'streaming'`
      .execute(this.#sql)
      .catch((error) => this.#log.warn({ err: error }, 'answers could not be saved as they grow'));
  }

  async #finish(ended: readonly EndedAnswer[]): Promise<readonly undefined[]> {
    const receipts = ended.map((answer) => answer.receipt);
    await sql`
      update message set status = e.status, content = e.content, reasoning = e.reasoning,
        input_tokens = e.input_tokens, output_tokens = e.output_tokens, reasoning_tokens = e.reasoning_tokens,
        cost = e.cost, first_token_ms = e.first_token_ms, duration_ms = e.duration_ms, failure_code = e.failure_code,
        failure_message = e.failure_message, finished_at = now()
      from unnest(${ended.map((e) => e.id)}::uuid[], ${ended.map((e) => e.status)}::text[],
        ${ended.map((e) => e.text.content.text)}::text[], ${ended.map((e) => e.text.reasoning.text)}::text[],
        ${receipts.map((r) => r?.usage.inputTokens ?? null)}::int[],
        ${receipts.map((r) => r?.usage.outputTokens ?? null)}::int[],
        ${receipts.map((r) => r?.usage.reasoningTokens ?? null)}::int[],
        ${receipts.map((r) => r?.cost ?? null)}::bigint[],
        ${receipts.map((r) => r?.firstTokenMs ?? null)}::int[],
        ${receipts.map((r) => r?.durationMs ?? null)}::int[],
        ${ended.map((e) => e.failure?.code ?? null)}::text[], ${ended.map((e) => e.failure?.message ?? null)}::text[])
      as e (id, status, content, reasoning, input_tokens, output_tokens, reasoning_tokens, cost, first_token_ms,
        duration_ms, failure_code, failure_message)
      where message.id = e.id and message.status = 'streaming'`.execute(this.#sql);
    return ended.map(() => undefined);
  }
}

function growthSince(saved: { text: TurnText; content: number; reasoning: number }) {
  return {
    content: saved.text.content.text.slice(saved.content),
    reasoning: saved.text.reasoning.text.slice(saved.reasoning),
  };
}
