/** The bus of a single process. */
import type { Bus, Listener, TextWriter, WatchedText } from './bus.ts';
import type { Fact } from './facts.ts';
import { TurnText } from './turn-text.ts';

export class MemoryBus implements Bus {
  readonly isConnected: boolean = true;
  readonly #listeners = new Set<Listener>();
  readonly #texts = new Map<string, TurnText>();

  ping(): Promise<void> {
    return Promise.resolve();
  }

  publish(...facts: readonly Fact[]): void {
    this.publishHere(...facts);
  }

  publishHere(...facts: readonly Fact[]): void {
    for (const fact of facts) for (const listener of this.#listeners) listener(fact);
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  openText(id: string): TextWriter {
    const text = new TurnText();
    this.#texts.set(id, text);
    return {
      text,
      append: (content, reasoning) => text.append(content, reasoning),
      end: () => this.endText(id),
    };
  }

  watchText(id: string): Promise<WatchedText | null> {
    const text = this.#texts.get(id);
    return Promise.resolve(text ? { text, release: () => undefined } : null);
  }

  endText(id: string): void {
    this.#texts.get(id)?.end();
    this.#texts.delete(id);
  }

  close(): Promise<void> {
    for (const id of this.#texts.keys()) this.endText(id);
    this.#listeners.clear();
    return Promise.resolve();
  }
}
