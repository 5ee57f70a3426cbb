/** Counts what one request takes while it passes. */
import type { Answer, Delta, TokenUsage } from '../upstream/delta.ts';
import { estimatedOutputTokens } from './estimate.ts';

export class Meter {
  readonly #startedAt = performance.now();
  readonly #inputTokens: number;
  #producedCharacters = 0;
  #isAnswered = false;
  #usage: TokenUsage | null = null;
  #firstTokenMs: number | null = null;

  /** @param inputTokens estimate of the prompt, for a model server that does not count */
  constructor(inputTokens: number) {
    this.#inputTokens = inputTokens;
  }

  pass(deltas: readonly Delta[]): void {
    for (const delta of deltas) {
      if (delta.usage) this.#usage = delta.usage;
      if (delta.finishReason !== null) this.#isAnswered = true;
      if (delta.producedCharacters === 0) continue;
      this.#producedCharacters += delta.producedCharacters;
      this.#firstTokenMs ??= this.durationMs;
    }
  }

  passAnswer(answer: Answer): void {
    this.#usage = answer.usage;
    this.#producedCharacters = answer.producedCharacters;
    this.#isAnswered = true;
  }

  /** An answer counts even when it is empty: its prompt was read. */
  get hasOutput(): boolean {
    return this.#producedCharacters > 0 || this.#usage !== null || this.#isAnswered;
  }

  get isEstimated(): boolean {
    return this.#usage === null && this.hasOutput;
  }

  get firstTokenMs(): number | null {
    return this.#firstTokenMs;
  }

  get durationMs(): number {
    return Math.round(performance.now() - this.#startedAt);
  }

  /** What the model server counted, else our estimate; nothing at all when nothing came. */
  get usage(): TokenUsage {
    if (this.#usage) return this.#usage;
    return {
      inputTokens: this.hasOutput ? this.#inputTokens : 0,
      cachedInputTokens: 0,
      outputTokens: estimatedOutputTokens(this.#producedCharacters),
      reasoningTokens: 0,
    };
  }
}
