import { SvelteSet } from 'svelte/reactivity';

/** So many screens above and below the window are drawn before they are seen. */
const AHEAD = '150%';

/**
 * Tells which parts of a long page have come near the window. Only those are drawn in full: a conversation of thousands
 * of messages opens as fast as its last screen.
 */
export class Near {
  readonly #seen = new SvelteSet<string>();
  readonly #ids = new WeakMap<Element, string>();
  #watcher: IntersectionObserver | undefined;

  has(id: string): boolean {
    return this.#seen.has(id);
  }

  /** Watches a part until it has come near. */
  watch(id: string): (element: HTMLElement) => () => void {
    return (element) => {
      this.#watcher ??= this.#watcherIn(element.closest('[role="log"]'));
      this.#ids.set(element, id);
      this.#watcher.observe(element);
      return () => this.#watcher?.unobserve(element);
    };
  }

  #watcherIn(root: Element | null): IntersectionObserver {
    return new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          const id = this.#ids.get(target);
          if (!isIntersecting || id === undefined) continue;
          this.#seen.add(id);
          this.#watcher?.unobserve(target);
        }
      },
      { root, rootMargin: `${AHEAD} 0px` },
    );
  }
}
