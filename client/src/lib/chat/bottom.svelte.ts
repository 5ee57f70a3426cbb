const NEAR = 24;

/**
 * Keeps a scrolled element at its end while it grows, if the reader is there. A single step up lets go at once; being
 * back at the end takes hold again.
 */
export class Bottom {
  isHeld = $state(true);
  #element: HTMLElement | undefined;
  #top = 0;

  readonly attach = (element: HTMLElement) => {
    this.#element = element;
    const grown = new ResizeObserver(() => {
      if (this.isHeld) this.go();
    });
    grown.observe(element);
    for (const child of element.children) grown.observe(child);
    const ends = new AbortController();
    const how = { passive: true, signal: ends.signal };
    element.addEventListener('scroll', this.#scrolled, how);
    element.addEventListener('wheel', this.#wheeled, how);
    return () => {
      grown.disconnect();
      ends.abort();
    };
  };

  go(behavior: ScrollBehavior = 'instant'): void {
    this.isHeld = true;
    const element = this.#element;
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    element?.scrollTo({ top: element.scrollHeight, behavior: isCalm ? 'instant' : behavior });
  }

  /** Stays where the reader is led to, if there is anything below it. */
  letGo(): void {
    const element = this.#element;
    this.isHeld = !element || element.scrollHeight - element.clientHeight < NEAR;
  }

  /** Known before the browser has scrolled: what grows in between would pull the reader back. */
  #wheeled = (event: WheelEvent) => {
    const element = this.#element;
    if (event.deltaY < 0 && element && element.scrollHeight > element.clientHeight)
      this.isHeld = false;
  };

  #scrolled = () => {
    const element = this.#element;
    if (!element) return;
    const distance = element.scrollHeight - element.clientHeight - element.scrollTop;
    const wentUp = element.scrollTop < this.#top;
    this.#top = element.scrollTop;
    if (wentUp && distance > 1) this.isHeld = false;
    else if (distance < NEAR) this.isHeld = true;
  };
}
