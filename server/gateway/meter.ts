/** Counts what one request takes while it passes. */
import type { Answer, Delta, TokenUsage } from '../upstream/delta.ts';
import { COUNT_MAX, estimatedOutputTokens } from './estimate.ts';

export class Meter {
  readonly #startedAt = performance.now();
  readonly #inputTokens: number;
  readonly #outputTokens: number | null;
  #producedCharacters = 0;
  /** Produced since the model server last told its count: some tell one at the beginning, and the end may never come. */
  #uncountedCharacters = 0;
  #isAnswered = false;
  #usage: TokenUsage | null = null;
  #seconds: number | null = null;
  #firstTokenMs: number | null = null;

  /**
   * @param inputTokens estimate of the prompt, for a model server that does not count
   * @param outputTokens the same of an answer that is no text
   */
  constructor(inputTokens: number, outputTokens: number | null = null) {
    this.#inputTokens = inputTokens;
    this.#outputTokens = outputTokens;
  }

  pass(deltas: readonly Delta[]): void {
    for (const delta of deltas) {
      if (delta.seconds !== null) this.#seconds = delta.seconds;
      if (delta.finishReason !== null) this.#isAnswered = true;
      if (delta.producedCharacters > 0) this.#produced(delta.producedCharacters);
      if (delta.usage) this.#count(delta.usage);
    }
  }

  #produced(characters: number): void {
    this.#producedCharacters += characters;
    this.#uncountedCharacters += characters;
    this.#firstTokenMs ??= this.durationMs;
  }

  #count(usage: TokenUsage): void {
    this.#usage = usage;
    this.#uncountedCharacters = 0;
  }

  passAnswer(answer: Answer): void {
    this.#usage = answer.usage;
    this.#seconds = answer.seconds;
    this.#producedCharacters = answer.producedCharacters;
    this.#isAnswered = true;
  }

  /** A piece of an answer that is no text. */
  passBytes(): void {
    this.#isAnswered = true;
    this.#firstTokenMs ??= this.durationMs;
  }

  /** An answer counts even when it is empty: its prompt was read. */
  get hasOutput(): boolean {
    return this.#producedCharacters > 0 || this.#isCounted || this.#isAnswered;
  }

  get isCountedInTokens(): boolean {
    return this.#usage !== null;
  }

  /** Length of the audio that the model server heard, by its own word. */
  get seconds(): number | null {
    return this.#seconds;
  }

  get isEstimated(): boolean {
    return this.hasOutput && (!this.#isCounted || this.#isOvertaken);
  }

  get firstTokenMs(): number | null {
    return this.#firstTokenMs;
  }

  get durationMs(): number {
    return Math.round(performance.now() - this.#startedAt);
  }

  /** What the model server counted, else our estimate; nothing at all when nothing came, or when it counted time. */
  get usage(): TokenUsage {
    if (this.#usage)
      return this.#isOvertaken ? withMore(this.#usage, this.#uncountedCharacters) : this.#usage;
    const isAssumed = this.hasOutput && this.#seconds === null;
    return {
      inputTokens: isAssumed ? this.#inputTokens : 0,
      cachedInputTokens: 0,
      outputTokens: isAssumed ? this.#estimatedOutput : 0,
      reasoningTokens: 0,
    };
  }

  get #isCounted(): boolean {
    return this.#usage !== null || this.#seconds !== null;
  }

  /** More was produced than the model server has counted. */
  get #isOvertaken(): boolean {
    return this.#usage !== null && this.#uncountedCharacters > 0;
  }

  get #estimatedOutput(): number {
    return this.#outputTokens ?? estimatedOutputTokens(this.#producedCharacters);
  }
}

const withMore = (usage: TokenUsage, characters: number): TokenUsage => ({
  ...usage,
  outputTokens: Math.min(usage.outputTokens + estimatedOutputTokens(characters), COUNT_MAX),
});
