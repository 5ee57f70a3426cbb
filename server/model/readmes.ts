/** READMEs of models, kept for a while: a page is shown often, and must not wait for somebody else's server each time. */
import type { Logger } from 'pino';
import { cardOf, type ModelCards } from '../upstream/model-cards.ts';

declare module '../context.ts' {
  interface Parts {
    readonly readmes: Readmes;
  }
}

export interface Readme {
  /** Markdown, without the metadata at its head. */
  readonly text: string;
  /** What links in it are relative to. */
  readonly baseUrl: string;
}

interface Kept {
  readonly readme: Promise<Readme | null>;
  untilMs: number;
}

const HOUR_MS = 3_600_000;
const KEPT_MS = 6 * HOUR_MS;
/** What can't be had now may be there soon. */
const FAILED_MS = 300_000;
/** Of half a megabyte at most each. */
const KEPT_MAX = 64;
const FRONT_MATTER = /^\uFEFF?---[ \t]*\r?\n(?:[\s\S]*?\r?\n)??---[ \t]*(?:\r?\n|$)/;

export class Readmes {
  readonly #cards: ModelCards;
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #kept = new Map<string, Kept>();

  /** @param now in milliseconds, by a clock that never jumps */
  constructor(cards: ModelCards, log: Logger, now = () => performance.now()) {
    this.#cards = cards;
    this.#log = log;
    this.#now = now;
  }

  /** Of the page at this address; null when it is none of Hugging Face, has no README, or it can't be had now. */
  of(url: string | null): Promise<Readme | null> {
    const card = cardOf(url);
    if (card === null) return Promise.resolve(null);
    const kept = this.#kept.get(card);
    if (kept && kept.untilMs > this.#now()) return kept.readme;
    this.#kept.delete(card);
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined && this.#kept.size >= KEPT_MAX) this.#kept.delete(oldest);
    return this.#ask(card);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#cards.close();
  }

  /** Who asks meanwhile gets the same answer. */
  #ask(card: string): Promise<Readme | null> {
    const kept: Kept = {
      readme: this.#cards.readme(card).then(
        (text) => readmeOf(card, text),
        (error) => {
          this.#log.warn({ err: error, card }, 'a README can not be had');
          kept.untilMs = this.#now() + FAILED_MS;
          return null;
        },
      ),
      untilMs: this.#now() + KEPT_MS,
    };
    this.#kept.set(card, kept);
    return kept.readme;
  }
}

function readmeOf(card: string, text: string | null): Readme | null {
  const shown = (text ?? '').replace(FRONT_MATTER, '').trim();
  return shown ? { text: shown, baseUrl: `https://huggingface.co/${card}/blob/main/` } : null;
}
