/**
 * What is under way at the moment, in no order. For what comes and goes with each request: a `Map` or a `Set` renews its
 * table as it goes, and each old table leads to the next, so that V8 keeps all that was ever in it until it collects
 * the whole heap.
 */
export class Bag<T> {
  readonly #places: Place<T>[] = [];

  get size(): number {
    return this.#places.length;
  }

  /** Gives what takes it out again; to call that twice is harmless. */
  add(item: T): () => void {
    const place = { item, at: this.#places.length };
    this.#places.push(place);
    return () => this.#remove(place);
  }

  /** Those that are in it now: they may come and go meanwhile. */
  items(): readonly T[] {
    return this.#places.map(({ item }) => item);
  }

  #remove(place: Place<T>): void {
    if (this.#places[place.at] !== place) return;
    const last = this.#places.pop();
    if (!last || last === place) return;
    last.at = place.at;
    this.#places[place.at] = last;
  }
}

interface Place<T> {
  readonly item: T;
  at: number;
}
