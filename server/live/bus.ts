/** How parts of Lumen, and its replicas, hear of each other: facts for everybody, and the texts of running answers. */
import type { Fact } from './facts.ts';
import type { TurnText } from './turn-text.ts';

export type Listener = (fact: Fact) => void;

export interface Bus {
  /** Tells every listener of every replica; never fails and never waits. Some may hear it twice, or not at all. */
  publish(...facts: readonly Fact[]): void;

  /** Tells the listeners of this process only: every replica heard of it, or must find out, by itself. */
  publishHere(...facts: readonly Fact[]): void;

  /** Listens until the returned function is called. Listeners run synchronously and must not throw. */
  listen(listener: Listener): () => void;

  /** Opens the text of an answer that this process writes. */
  openText(id: string): TextWriter;

  /**
   * The text of a running answer, wherever it is written, or null when nothing is written under this id any more.
   * `release` must be called when the reader leaves.
   */
  watchText(id: string): Promise<WatchedText | null>;

  /** Ends a text whose writer died, so that its readers look at what was stored. */
  endText(id: string): void;

  /** Whether other replicas can be reached; always true in memory. */
  readonly isConnected: boolean;

  /** Resolves when Redis has answered, in memory at once; rejects while it can't be reached. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface TextWriter {
  readonly text: TurnText;
  append(content: string, reasoning: string): void;
  /** Call when the final state is stored: readers take it from there. */
  end(): void;
}

export interface WatchedText {
  readonly text: TurnText;
  release(): void;
}
