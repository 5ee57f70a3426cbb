/** Drawing may take a quarter of the time, so typing and scrolling stay smooth whatever a model writes. */
const REST_PER_WORK = 3;
/** Less than half a frame is no work worth resting from. */
const WORK_MS = 8;

/** Draws at most once a frame, and less often when drawing is slow. */
export class Paced {
  #frame: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #restUntil = 0;
  readonly #draw: () => void;

  constructor(draw: () => void) {
    this.#draw = draw;
  }

  request(): void {
    if (this.#frame !== undefined || this.#timer !== undefined) return;
    const rest = this.#restUntil - performance.now();
    if (rest <= 0) {
      this.#frame = requestAnimationFrame(this.#now);
      return;
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#frame = requestAnimationFrame(this.#now);
    }, rest);
  }

  stop(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
  }

  #now = () => {
    this.#frame = undefined;
    const start = performance.now();
    this.#draw();
    // Svelte draws in a microtask that the change has queued, so this one runs when it is done.
    queueMicrotask(() => {
      const end = performance.now();
      this.#restUntil = end - start < WORK_MS ? 0 : end + (end - start) * REST_PER_WORK;
    });
  };
}
