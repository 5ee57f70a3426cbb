/** Time limits of many requests, kept by one clock: timers, three for each, would cost more than sending the request. */
import { Bag } from '../kernel/bag.ts';

/** How much later than its limit a request may be told. */
const TICK_MS = 20;

export class Deadlines {
  readonly #open = new Bag<Deadline>();
  #clock: NodeJS.Timeout | undefined;

  /** @param passed is called when the time is over, and again until there is more time or the deadline is closed */
  open(passed: () => void): Deadline {
    const deadline = new Deadline(passed);
    deadline.close = this.#open.add(deadline);
    this.#clock ??= setTimeout(this.#tick, TICK_MS);
    return deadline;
  }

  /** What has arrived by now is read first: that this process was busy is no fault of the others. */
  readonly #tick = (): void => {
    const now = performance.now();
    setImmediate(() => this.#look(now));
  };

  #look(now: number): void {
    for (const deadline of this.#open.items()) deadline.look(now);
    this.#clock = this.#open.size > 0 ? setTimeout(this.#tick, TICK_MS) : undefined;
  }
}

export class Deadline {
  /** No more of it. */
  close: () => void = () => undefined;
  readonly #passed: () => void;
  #ms = 0;
  #at = Number.POSITIVE_INFINITY;

  constructor(passed: () => void) {
    this.#passed = passed;
  }

  /** So many milliseconds from now on. */
  allow(ms: number): void {
    this.#ms = ms;
    this.again();
  }

  /** As much time as was allowed last, from now on. */
  again(): void {
    this.#at = performance.now() + this.#ms;
  }

  look(now: number): void {
    if (now >= this.#at) this.#passed();
  }
}
