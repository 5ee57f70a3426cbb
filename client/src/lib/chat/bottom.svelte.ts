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
    element.addEventListener('scroll', this.#scrolled, { passive: true });
    return () => {
      grown.disconnect();
      element.removeEventListener('scroll', this.#scrolled);
    };
  };

  go(behavior: ScrollBehavior = 'instant'): void {
    this.isHeld = true;
    const element = this.#element;
    element?.scrollTo({ top: element.scrollHeight, behavior });
  }

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
