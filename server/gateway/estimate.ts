/** How many tokens a request may take, before anybody has counted them. */
import type { ModelConfig } from '../config/config.ts';
import { type Ask, type JsonObject, jsonText } from './ask.ts';

/** Fewer bytes make a token in text that tokenizers know badly; common English has about four. */
const BYTES_PER_TOKEN = 3;
const CHARACTERS_PER_OUTPUT_TOKEN = 4;
const TOKENS_PER_REQUEST = 8;
/** What OpenAI counts for its largest picture in the finest quality. */
const DRAWN_IMAGE_TOKENS = 6240;

/**
 * Tokens of what is no text, by the field that holds it. A picture is cut into tiles after it was made smaller, so that
 * it has a highest price whatever its bytes: OpenAI's and Anthropic's is below 1,700. Sound and documents take their
 * time and pages, of which these many characters of base64 hold at least one token.
 */
const MEDIA_TOKENS: Readonly<Record<string, (media: unknown) => number>> = {
  image_url: () => 2048,
  video_url: () => 32_768,
  input_audio: (media) => lengthOf(media) / 40,
  file_data: (media) => lengthOf(media) / 12,
};
const lengthOf = (media: unknown): number => JSON.stringify(media).length;
/** Deeper than any API has its media: what lies below counts as text, which is more. */
const MEDIA_DEPTH_MAX = 10;

/** Tokens of everything in the body that a model reads, estimated from above for ordinary text. */
export function estimatedInputTokens(body: JsonObject): number {
  const { messages, prompt, input, instructions, tools } = body;
  const shown = [messages, prompt, input];
  // Pictures stand only in what is shown: elsewhere a field of such a name holds words.
  const told = [instructions, tools, ...READ_TOO.flatMap((field) => body[field] ?? [])];
  // Megabytes of pictures are not written out to be counted: everybody else would wait for that.
  const tokens = hasMedia(shown)
    ? tokensWithMedia(shown) + tokensOf(jsonText(told))
    : tokensOf(jsonText([...shown, ...told]));
  return Math.min(tokens, COUNT_MAX);
}

/** Fields of single model servers and endpoints that reach the model's prompt as well. */
const READ_TOO = [
  'functions',
  'suffix',
  'documents',
  'response_format',
  'text',
  'chat_template',
  'chat_template_kwargs',
] as const;

function hasMedia(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null || depth > MEDIA_DEPTH_MAX) return false;
  if (Array.isArray(value)) return value.some((each) => hasMedia(each, depth + 1));
  return Object.keys(value).some(
    (field) =>
      Object.hasOwn(MEDIA_TOKENS, field) || hasMedia((value as JsonObject)[field], depth + 1),
  );
}

const tokensOf = (text: string): number =>
  Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN) + TOKENS_PER_REQUEST;

function tokensWithMedia(read: readonly unknown[]): number {
  let tokens = 0;
  const text = jsonText(read, (field, value) => {
    const tokensFor = Object.hasOwn(MEDIA_TOKENS, field) ? MEDIA_TOKENS[field] : undefined;
    if (!tokensFor || value === null) return value;
    tokens += Math.ceil(tokensFor(value));
    return undefined;
  });
  return tokens + tokensOf(text);
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
  if (path === '/embeddings' || path === '/audio/speech') return 0;
  if (path === '/images/generations')
    return Math.min(DRAWN_IMAGE_TOKENS * choicesOf(body), COUNT_MAX);
  const asked = limitOf(body);
  const bounds = [asked, model.maxOutputTokens].filter((bound) => bound !== null);
  const each = bounds.length > 0 ? Math.min(...bounds) : assumed;
  return Math.min(each * choicesOf(body), COUNT_MAX);
}

/** Names of the output limit: of OpenAI's endpoints, and llama.cpp's own, which wins there. */
const LIMITS = ['max_completion_tokens', 'max_tokens', 'max_output_tokens', 'n_predict'] as const;
/** What an integer column of PostgreSQL holds: one request beyond it would keep others from being written with it. */
export const COUNT_MAX = 2 ** 31 - 1;

/** The name of the limit where a request states none; answers of other paths can't be cut short. */
const LIMIT_OF_PATH: Readonly<Record<string, (typeof LIMITS)[number]>> = {
  '/chat/completions': 'max_tokens',
  '/completions': 'max_tokens',
  '/responses': 'max_output_tokens',
};

export const hasLimit = (path: string): boolean => Object.hasOwn(LIMIT_OF_PATH, path);

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
export function withLimit(body: JsonObject, limit: number, path: string): JsonObject {
  const stated = statedLimits(body);
  const names = stated.length > 0 ? stated : [LIMIT_OF_PATH[path] ?? 'max_tokens'];
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
  const count = typeof value === 'object' ? 1 : Math.ceil(Number(value));
  return count > 1 ? Math.min(count, COUNT_MAX) : 1;
}
