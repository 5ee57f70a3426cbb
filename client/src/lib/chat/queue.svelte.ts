import type { Written } from './draft.svelte.ts';

const keyOf = (conversationId: string) => `lumen.queue.${conversationId}`;

export interface Queued extends Written {
  readonly id: number;
  text: string;
}

/** A text alone is how they were kept before there were files. */
function writtenOf(item: unknown): Written | [] {
  if (typeof item === 'string') return { text: item, files: [] };
  const { text, files } = (item ?? {}) as Partial<Written>;
  return typeof text === 'string' ? { text, files: Array.isArray(files) ? files : [] } : [];
}

function stored(key: string): Written[] {
  try {
    const items: unknown = JSON.parse(sessionStorage.getItem(key) ?? '[]');
    return Array.isArray(items) ? items.flatMap(writtenOf) : [];
  } catch {
    return [];
  }
}

/**
 * What was written while an answer runs, in the order in which it is sent. It belongs to one tab, so that no two tabs
 * send it, and it survives a reload.
 */
export class Queue {
  /** Nothing is sent by itself: the answer before did not end well, or the page was loaded anew. */
  isHeld = $state(false);
  /** The one that is being sent. It is kept until it has arrived. */
  underWay = $state<number>();
  #items = $state<Queued[]>([]);
  readonly #key: string | undefined;
  #lastId = 0;

  constructor(conversationId: string | undefined) {
    this.#key = conversationId === undefined ? undefined : keyOf(conversationId);
    const items = this.#key ? stored(this.#key) : [];
    this.#items = items.map((item) => ({ ...item, id: this.#nextId() }));
    this.isHeld = items.length > 0;
  }

  get items(): readonly Queued[] {
    return this.#items;
  }

  /** Those to be shown as waiting. */
  get waiting(): readonly Queued[] {
    return this.#items.filter((item) => item.id !== this.underWay);
  }

  add({ text, files }: Written): void {
    this.#items.push({ id: this.#nextId(), text, files });
    this.#store();
  }

  change(id: number, text: string): void {
    const item = this.#items.find((each) => each.id === id);
    if (item) item.text = text;
    this.#store();
  }

  remove(id: number): void {
    this.#items = this.#items.filter((item) => item.id !== id);
    if (this.#items.length === 0) this.isHeld = false;
    this.#store();
  }

  /** The next one to send; those that were emptied are skipped. */
  get next(): Queued | undefined {
    return this.#items.find(({ text, files }) => text.trim() !== '' || files.length > 0);
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  #store(): void {
    if (!this.#key) return;
    const items = this.#items.map(({ text, files }) => ({ text, files }));
    if (items.length > 0) sessionStorage.setItem(this.#key, JSON.stringify(items));
    else sessionStorage.removeItem(this.#key);
  }
}
