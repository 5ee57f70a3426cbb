/** How many tokens a request may take, before anybody has counted them. */
import type { ModelConfig } from '../config/config.ts';
import type { JsonObject } from './ask.ts';

/** Fewer bytes make a token in text that tokenizers know badly; common English has about four. */
const BYTES_PER_TOKEN = 3;
const CHARACTERS_PER_OUTPUT_TOKEN = 4;
const TOKENS_PER_REQUEST = 8;

/** Tokens of everything in the body that a model reads, estimated from above for ordinary text. */
export function estimatedInputTokens(body: JsonObject): number {
  const { messages, prompt, input, tools } = body;
  const read = JSON.stringify([messages, prompt, input, tools]);
  return Math.ceil(Buffer.byteLength(read) / BYTES_PER_TOKEN) + TOKENS_PER_REQUEST;
}

/** Tokens of text that a model produced, when it did not count them itself. */
export const estimatedOutputTokens = (characters: number): number =>
  Math.ceil(characters / CHARACTERS_PER_OUTPUT_TOKEN);

/** Output tokens to hold coins for: what the request allows, what the model can, else what the configuration assumes. */
export function outputTokensWanted(body: JsonObject, model: ModelConfig, assumed: number): number {
  const asked = limitOf(body);
  const bounds = [asked, model.maxOutputTokens].filter((bound) => bound !== null);
  const each = bounds.length > 0 ? Math.min(...bounds) : assumed;
  return each * choicesOf(body);
}

/** Names of the output limit, newest first; each endpoint of OpenAI's has its own. */
const LIMITS = ['max_completion_tokens', 'max_tokens', 'max_output_tokens'] as const;

/** The output limit that the body states, or null. */
export function limitOf(body: JsonObject): number | null {
  for (const name of LIMITS) {
    const limit = body[name];
    if (typeof limit === 'number' && limit > 0) return Math.ceil(limit);
  }
  return null;
}

/** The body with its output limit lowered, under the name that it used; `limit` is per choice. */
export function withLimit(body: JsonObject, limit: number): JsonObject {
  const name = LIMITS.find((known) => typeof body[known] === 'number') ?? 'max_tokens';
  return { ...body, [name]: Math.max(1, Math.floor(limit)) };
}

export function choicesOf(body: JsonObject): number {
  const { n } = body;
  return typeof n === 'number' && Number.isInteger(n) && n > 1 ? Math.min(n, 128) : 1;
}
