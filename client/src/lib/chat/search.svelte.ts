import { ask } from '#lib/graphql/client.ts';
import type { Failure } from '#lib/graphql/failure.ts';
import { SearchDocument, type SearchQuery } from '#lib/graphql/generated.ts';

const PAUSE_MS = 200;
export type SearchHit = SearchQuery['search']['nodes'][number];

/** What is looked for in all conversations, and what was found of it so far. */
export class Search {
  hits = $state.raw<readonly SearchHit[]>([]);
  failure = $state.raw<Failure>();
  /** The answer to what is in the field is here. */
  isAnswered = $state(false);
  hasMore = $state(false);
  #text = $state('');
  #next: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts the questions, so that a late answer to an earlier one is not shown. */
  #generation = 0;

  get text(): string {
    return this.#text;
  }

  /** Asks after a pause in the typing. */
  set text(text: string) {
    this.#text = text;
    this.#generation += 1;
    clearTimeout(this.#timer);
    this.isAnswered = false;
    if (this.isActive) this.#timer = setTimeout(() => void this.#load(null), PAUSE_MS);
    else this.hits = [];
  }

  get isActive(): boolean {
    return this.#text.trim() !== '';
  }

  async more(): Promise<void> {
    if (this.hasMore) await this.#load(this.#next);
  }

  again(): Promise<void> {
    return this.#load(null);
  }

  async #load(after: string | null): Promise<void> {
    const generation = this.#generation;
    const { data, failure } = await ask(SearchDocument, { text: this.#text.trim(), after });
    if (generation !== this.#generation) return;
    this.failure = failure;
    this.isAnswered = true;
    if (!data) return;
    const { nodes, next } = data.search;
    this.hits = after === null ? nodes : [...this.hits, ...nodes];
    this.#next = next;
    this.hasMore = next !== null;
  }
}
