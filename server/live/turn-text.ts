/** The text of one running answer as it grows, and the places in it that its readers have reached. */

/** Changes closer together than this reach readers as one: about one frame of a screen. */
const FRAME_MS = 20;

/** What a reader gets at once: everything between its place and the end of the text. */
export interface TextPiece {
  readonly content: string;
  readonly reasoning: string;
  /** Code points of content up to the end of this piece. */
  readonly position: number;
  readonly reasoningPosition: number;
}

export class TurnText {
  readonly content = new GrowingString();
  readonly reasoning = new GrowingString();
  #isEnded = false;
  #waiting: Array<() => void> = [];
  #lastWake = 0;
  #timer: NodeJS.Timeout | undefined;

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Counts changes: what a reader has seen is compared with it. */
  get version(): number {
    return this.content.text.length + this.reasoning.text.length;
  }

  append(content: string, reasoning: string): void {
    // The first chunk of most models says nothing: a frame spent on it would hold up the first word.
    if (content === '' && reasoning === '') return;
    this.content.append(content);
    this.reasoning.append(reasoning);
    this.#wakeSoon();
  }

  /** Nothing follows: the final state is stored. */
  end(): void {
    this.#isEnded = true;
    clearTimeout(this.#timer);
    this.#wake();
  }

  /** Resolves at the first frame after the version that was seen; at once when ended or when the signal is aborted. */
  changed(seen: number, signal: AbortSignal): Promise<void> {
    if (this.#isEnded || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        signal.removeEventListener('abort', done);
        resolve();
      };
      signal.addEventListener('abort', done, { once: true });
      this.#waiting.push(done);
      if (this.version !== seen) this.#wakeSoon();
    });
  }

  #wakeSoon(): void {
    if (this.#timer || this.#waiting.length === 0) return;
    const rest = FRAME_MS - (performance.now() - this.#lastWake);
    if (rest <= 0) this.#wake();
    else this.#timer = setTimeout(() => this.#wake(), rest);
  }

  #wake(): void {
    this.#timer = undefined;
    this.#lastWake = performance.now();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

/** Counts code points as it grows, so that nobody has to count a long text again. */
class GrowingString {
  text = '';
  points = 0;

  append(piece: string): void {
    if (piece === '') return;
    this.text += piece;
    this.points += codePoints(piece);
  }
}

/** A reader's own place. It has no queue: a slow reader simply gets a longer piece the next time. */
export class TextReader {
  readonly #content: Bookmark;
  readonly #reasoning: Bookmark;

  /** @param after code points of content and of reasoning that the reader has already; Infinity is all so far */
  constructor(text: TurnText, after: { readonly content: number; readonly reasoning: number }) {
    this.#content = new Bookmark(text.content, after.content);
    this.#reasoning = new Bookmark(text.reasoning, after.reasoning);
  }

  /** Where a reader goes on that follows this one. */
  get place(): { readonly content: number; readonly reasoning: number } {
    return { content: this.#content.points, reasoning: this.#reasoning.points };
  }

  /** What came since the last call, or null. */
  next(): TextPiece | null {
    const content = this.#content.take();
    const reasoning = this.#reasoning.take();
    if (content === '' && reasoning === '') return null;
    const { place } = this;
    return { content, reasoning, position: place.content, reasoningPosition: place.reasoning };
  }
}

/** A place in a string. A reader who came from another replica may be ahead of it: it waits until there is more. */
class Bookmark {
  points: number;
  readonly #string: GrowingString;
  /** UTF-16 units, what strings are sliced by; null when it has to be counted. */
  #units: number | null = null;

  constructor(string: GrowingString, points: number) {
    this.#string = string;
    this.points = points === Number.POSITIVE_INFINITY ? string.points : points;
  }

  /** What lies beyond, which is read by this. */
  take(): string {
    const { text, points } = this.#string;
    if (points <= this.points) return '';
    const piece = text.slice(this.#units ?? unitsOf(text, this.points));
    this.#units = text.length;
    this.points = points;
    return piece;
  }
}

/** How many UTF-16 units the first so many code points of the text take. */
export function unitsOf(text: string, points: number): number {
  let units = 0;
  for (let seen = 0; seen < points && units < text.length; seen += 1) {
    units += (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1;
  }
  return units;
}

/** Length of the text in code points. */
export function codePoints(text: string): number {
  let points = text.length;
  for (let at = 0; at < text.length - 1; at += 1) {
    if (isHighSurrogate(text.charCodeAt(at)) && isLowSurrogate(text.charCodeAt(at + 1))) {
      points -= 1;
      at += 1;
    }
  }
  return points;
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
