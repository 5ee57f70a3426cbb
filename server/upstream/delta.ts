/** What Lumen reads out of a model server's answer; everything else in it passes through unread. */

/**
 * Tokens as the model server counted them: non-negative integers below 2^31. One that it did not say, or said in a way
 * that can't be true, is 0 where the total does not tell it.
 */
export interface TokenUsage {
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
}

/** One event of a streamed answer. */
export interface Delta {
  /** The event's data as it came, without `data: ` and without the blank line; always one line of JSON. */
  readonly raw: string;
  /** Text of the first choice in this event, never ending in half a surrogate pair. */
  readonly content: string;
  readonly reasoning: string;
  /** Text of all choices, tool-call arguments included, in UTF-16 units: what an estimate of output tokens is made from. */
  readonly producedCharacters: number;
  readonly finishReason: string | null;
  readonly usage: TokenUsage | null;
  /** Of audio that was read, begun seconds counted whole; null unless the model server says so. */
  readonly seconds: number | null;
  /** The event's name, in the dialects whose events have a type each (`/responses` and its kin); else empty. */
  readonly name: string;
  /** True for an event whose only content is usage (`choices: []`): sent on only when the client asked for it. */
  readonly isUsageOnly: boolean;
  readonly upstreamModel: string | null;
}

/** A whole answer that was not streamed. */
export interface Answer {
  /** The body exactly as it came: JSON text, or the text itself where the caller asked for that. */
  readonly raw: string;
  /** Null for JSON. */
  readonly contentType: string | null;
  readonly usage: TokenUsage | null;
  /** Of audio that was read, begun seconds counted whole; null unless the model server says so. */
  readonly seconds: number | null;
  readonly producedCharacters: number;
  readonly upstreamModel: string | null;
}

/** An answer that is no text, such as speech: its bytes as they arrive. */
export interface BinaryAnswer {
  readonly contentType: string;
  /** Leaving the iteration closes the connection. */
  readonly pieces: AsyncIterable<Buffer>;
}
