/** Most events of a stream are the one before with another piece of text: these are not parsed again. */
import type { Delta } from './delta.ts';
import { type JsonObject, parseJsonObject } from './json.ts';

export type ReadEvent = Omit<Delta, 'raw'>;

interface Pattern {
  /** The event's JSON up to its text, and from there on; the quotation marks are in them. */
  readonly before: string;
  readonly after: string;
  /** What all such events say beside their text. */
  readonly event: ReadEvent;
}

/** Some servers write something new into each event: with those it is not tried for long. */
const TRIES_MAX = 3;
const PROBE = 'the text of this event';

export class RepeatedEvent {
  readonly #read: (event: JsonObject) => ReadEvent;
  #pattern: Pattern | null = null;
  #triesLeft = TRIES_MAX;

  /** @param read reads an event whole */
  constructor(read: (event: JsonObject) => ReadEvent) {
    this.#read = read;
  }

  /** What the event says if it is like the one learned from but for its text; null when it must be read whole. */
  match(data: string): ReadEvent | null {
    if (!this.#pattern) return null;
    const { before, after, event } = this.#pattern;
    // Slices are compared several times as fast as by `startsWith`.
    if (data.slice(0, before.length) !== before || !data.endsWith(after)) return null;
    const text = data.slice(before.length, -after.length);
    if (text === '' || !isPlain(text)) return null;
    const isReasoning = event.content === '';
    return {
      content: isReasoning ? '' : text,
      reasoning: isReasoning ? text : '',
      producedCharacters: text.length,
      finishReason: null,
      usage: null,
      seconds: null,
      name: '',
      isUsageOnly: false,
      upstreamModel: event.upstreamModel,
    };
  }

  /**
   * Learns from an event that was read whole. That its text is in this place is tried out: where one JSON string gives
   * the text, any other does, and nothing else in the event can mean something else than it did.
   */
  learn(data: string, event: ReadEvent): void {
    const text = textAlone(event);
    if (this.#triesLeft === 0 || text === null || !isPlain(text)) return;
    this.#triesLeft -= 1;
    const at = data.lastIndexOf(`"${text}"`) + 1;
    const before = data.slice(0, at);
    const after = data.slice(at + text.length);
    const probe = parseJsonObject(before + PROBE + after);
    const probed = probe && this.#read(probe);
    if (probed && textAlone(probed) === PROBE) this.#pattern = { before, after, event: probed };
  }
}

/** The piece of text that is all there is in an event; null when there is more, or none. */
function textAlone({
  content,
  reasoning,
  finishReason,
  usage,
  ...event
}: ReadEvent): string | null {
  const text = content || reasoning;
  const isAlone =
    text.length === event.producedCharacters && finishReason === null && usage === null;
  return isAlone && text !== '' ? text : null;
}

/** Whether a JSON string holds the text as it is. */
const isPlain = (text: string): boolean => JSON.stringify(text).length === text.length + 2;
