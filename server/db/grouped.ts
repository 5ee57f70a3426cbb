/** Writes of concurrent requests share statements: what arrives while one group is being written forms the next. */

import { setTimeout as delay } from 'node:timers/promises';
import { isTemporary } from './is-temporary.ts';

/** How many items one group takes at most: bounds a statement and a transaction. */
const GROUP_MAX = 500;
/** After so many at once, more are on their way: those of the next few milliseconds may as well share a statement. */
const MANY = 16;
const REST_MS = 3;

interface Waiting<Item, Result> {
  readonly item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

export class Grouped<Item, Result> {
  readonly #write: (items: readonly Item[]) => Promise<readonly Result[]>;
  #waiting: Waiting<Item, Result>[] = [];
  #isWriting = false;

  /** @param write writes all items or none, and gives a result for each, in order */
  constructor(write: (items: readonly Item[]) => Promise<readonly Result[]>) {
    this.#write = write;
  }

  /** How many items wait for their group to begin. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Resolves when the item's group is committed; rejects when the group could not be written. */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (!this.#isWriting) void this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    // Requests that arrive in the same turn of the event loop belong to the same group.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, GROUP_MAX);
      await this.#writeGroup(group);
      if (group.length >= MANY) await delay(REST_MS);
    }
    this.#isWriting = false;
  }

  /** One item that can't be written must not keep the others of its group from being written. */
  async #writeEach(group: readonly Waiting<Item, Result>[]): Promise<void> {
    for (const waiting of group) await this.#writeGroup([waiting]);
  }

  async #writeGroup(group: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#write(group.map(({ item }) => item));
      for (const [at, waiting] of group.entries()) waiting.resolve(results[at] as Result);
    } catch (error) {
      if (group.length > 1 && !isTemporary(error)) await this.#writeEach(group);
      else for (const waiting of group) waiting.reject(error);
    }
  }
}
