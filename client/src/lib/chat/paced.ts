/** Drawing may take a quarter of the time, so typing and scrolling stay smooth whatever a model writes. */
const REST_PER_WORK = 3;
/** What leaves room for others in a frame is no work worth resting from. */
const WORK_MS = 10;

/** Draws at most once a frame, and less often when drawing is slow: its layout and paint count, too. */
export class Paced {
  #frame: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isDrawing = false;
  #isWanted = false;
  #restUntil = 0;
  readonly #draw: () => void;

  constructor(draw: () => void) {
    this.#draw = draw;
  }

  request(): void {
    this.#isWanted = true;
    if (this.#isDrawing || this.#frame !== undefined || this.#timer !== undefined) return;
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
    this.#isWanted = false;
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
  }

  #now = () => {
    this.#frame = undefined;
    this.#isWanted = false;
    this.#isDrawing = true;
    const start = performance.now();
    this.#draw();
    afterPaint(() => {
      const end = performance.now();
      this.#restUntil = end - start < WORK_MS ? 0 : end + (end - start) * REST_PER_WORK;
      this.#isDrawing = false;
      if (this.#isWanted) this.request();
    });
  };
}

/** A message that is sent in a frame arrives when the frame is laid out and painted. */
function afterPaint(then: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    then();
  };
  port2.postMessage(null);
}
