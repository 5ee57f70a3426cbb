/** Token counts in the dialects of model servers; a number that can't be a count is treated as not given. */
import type { TokenUsage } from './delta.ts';
import { type JsonObject, jsonObject } from './json.ts';

/** What an integer column of PostgreSQL holds. */
const TOKENS_MAX = 2 ** 31 - 1;

interface Counts {
  readonly input: number | null;
  readonly output: number | null;
  readonly total: number | null;
  readonly cached: number | null;
  readonly reasoning: number | null;
}

/**
 * The usage that an answer or an event states: of OpenAI (both dialects) and their likes under `usage`, else of Ollama
 * at the top level, else llama.cpp's `timings`. Null when neither total can be used; one that is missing is worked
 * out from `total_tokens` where possible and is else 0. `cached ≤ input`, `reasoning ≤ output`, all below 2^31.
 */
export function readUsage(answer: JsonObject): TokenUsage | null {
  const stated = jsonObject(answer.usage);
  return (
    (stated && usageOf(openAiCounts(stated))) ??
    usageOf(ollamaCounts(answer)) ??
    usageOf(llamaCounts(answer))
  );
}

/** The length of audio that was read, in begun seconds: as usage of its own kind, else beside a text with time stamps. */
export function readSeconds(answer: JsonObject): number | null {
  const usage = jsonObject(answer.usage);
  if (usage?.type === 'duration') return wholeSeconds(usage.seconds);
  return usage ? null : wholeSeconds(answer.duration);
}

/** Some model servers write the number as text. */
function wholeSeconds(value: unknown): number | null {
  const isNumber = typeof value === 'number' || (typeof value === 'string' && value !== '');
  return isNumber ? count(Math.ceil(Number(value))) : null;
}

function openAiCounts(usage: JsonObject): Counts {
  const inputDetails = jsonObject(usage.prompt_tokens_details ?? usage.input_tokens_details);
  const outputDetails = jsonObject(usage.completion_tokens_details ?? usage.output_tokens_details);
  return {
    input: count(usage.prompt_tokens) ?? count(usage.input_tokens),
    output: count(usage.completion_tokens) ?? count(usage.output_tokens),
    total: count(usage.total_tokens),
    cached: count(inputDetails?.cached_tokens),
    reasoning: count(outputDetails?.reasoning_tokens) ?? count(usage.reasoning_tokens),
  };
}

function ollamaCounts(answer: JsonObject): Counts {
  return {
    input: count(answer.prompt_eval_count),
    output: count(answer.eval_count),
    total: null,
    cached: null,
    reasoning: null,
  };
}

/** llama.cpp's `prompt_n` leaves out the tokens that it had cached. */
function llamaCounts(answer: JsonObject): Counts {
  const timings = jsonObject(answer.timings);
  const fresh = count(timings?.prompt_n);
  const cached = count(timings?.cache_n);
  return {
    input: fresh === null ? null : count(fresh + (cached ?? 0)),
    output: count(timings?.predicted_n),
    total: null,
    cached,
    reasoning: null,
  };
}

function usageOf({ input, output, total, cached, reasoning }: Counts): TokenUsage | null {
  if (input === null && output === null) return null;
  const inputTokens = input ?? remainder(total, output);
  const outputTokens = output ?? remainder(total, input);
  return {
    inputTokens,
    cachedInputTokens: Math.min(cached ?? 0, inputTokens),
    outputTokens,
    reasoningTokens: Math.min(reasoning ?? 0, outputTokens),
  };
}

function remainder(total: number | null, part: number | null): number {
  return Math.max((total ?? 0) - (part ?? 0), 0);
}

function count(value: unknown): number | null {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= TOKENS_MAX
    ? (value as number)
    : null;
}
