/** How long a model thinks: from its first thought to its first word, or to the last thought that came. */
export class Thinking {
  #since: number | null = null;
  #until: number | null = null;
  #isOver = false;

  /** What has just come of the answer. */
  note(content: string, reasoning: string): void {
    if (this.#isOver) return;
    const now = performance.now();
    if (reasoning !== '') this.#since ??= now;
    if (this.#since !== null) this.#until = now;
    this.#isOver = content !== '';
  }

  /** Null when it did not think before it answered. */
  get ms(): number | null {
    return this.#since === null || this.#until === null
      ? null
      : Math.round(this.#until - this.#since);
  }
}
