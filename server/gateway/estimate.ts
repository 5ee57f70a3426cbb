/** How many tokens a request may take, before anybody has counted them. */
import type { ModelConfig } from '../config/config.ts';
import { type Ask, type JsonObject, jsonText } from './ask.ts';

/** Fewer bytes make a token in text that tokenizers know badly; common English has about four. */
const BYTES_PER_TOKEN = 3;
const CHARACTERS_PER_OUTPUT_TOKEN = 4;
const TOKENS_PER_REQUEST = 8;

/** Tokens of everything in the body that a model reads, estimated from above for ordinary text. */
export function estimatedInputTokens(body: JsonObject): number {
  const { messages, prompt, input, tools } = body;
  const read = jsonText([messages, prompt, input, tools]);
  return Math.ceil(Buffer.byteLength(read) / BYTES_PER_TOKEN) + TOKENS_PER_REQUEST;
}

/** Tokens of text that a model produced, when it did not count them itself. */
export const estimatedOutputTokens = (characters: number): number =>
  Math.ceil(characters / CHARACTERS_PER_OUTPUT_TOKEN);

/** Output tokens to hold coins for: what the request allows, what the model can, else what the configuration assumes. */
export function outputTokensWanted(
  { path, body }: Pick<Ask, 'path' | 'body'>,
  model: Pick<ModelConfig, 'maxOutputTokens'>,
  assumed: number,
): number {
  if (path === '/embeddings') return 0;
  const asked = limitOf(body);
  const bounds = [asked, model.maxOutputTokens].filter((bound) => bound !== null);
  const each = bounds.length > 0 ? Math.min(...bounds) : assumed;
  return each * choicesOf(body);
}

/** Names of the output limit: of OpenAI's endpoints, and llama.cpp's own, which wins there. */
const LIMITS = ['max_completion_tokens', 'max_tokens', 'max_output_tokens', 'n_predict'] as const;
const COUNT_MAX = 2 ** 31 - 1;

const statedLimits = (body: JsonObject) =>
  LIMITS.filter((name) => body[name] !== undefined && body[name] !== null);

/** The output limit that the body states, the highest of several; null unless all of them are limits. */
export function limitOf(body: JsonObject): number | null {
  const limits = statedLimits(body).map((name) => body[name]);
  if (!limits.every((limit) => typeof limit === 'number' && limit > 0) || limits.length === 0)
    return null;
  return Math.min(Math.ceil(Math.max(...(limits as number[]))), COUNT_MAX);
}

/** The body with its output limit lowered, under every name that it used; `limit` is per choice. */
export function withLimit(body: JsonObject, limit: number): JsonObject {
  const stated = statedLimits(body);
  const names = stated.length > 0 ? stated : ['max_tokens'];
  const lowered = Math.max(1, Math.floor(limit));
  return { ...body, ...Object.fromEntries(names.map((name) => [name, lowered])) };
}

/** How many answers the body asks for: each of them may reach the output limit. */
export function choicesOf({ n, best_of: bestOf, prompt }: JsonObject): number {
  const prompts = Array.isArray(prompt) && typeof prompt[0] !== 'number' ? prompt.length : 1;
  return Math.max(countOf(n), countOf(bestOf)) * Math.max(prompts, 1);
}

/** Some model servers read a number in quotes as well. */
function countOf(value: unknown): number {
  const count = Math.ceil(Number(value));
  return count > 1 ? Math.min(count, COUNT_MAX) : 1;
}
