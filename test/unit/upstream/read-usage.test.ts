import { expect, test } from 'vitest';
import { readUsage } from '../../../server/upstream/read-usage.ts';

/** input, cached input, output, reasoning; or null */
function counts(answer: Record<string, unknown>) {
  const usage = readUsage(answer);
  return (
    usage && [usage.inputTokens, usage.cachedInputTokens, usage.outputTokens, usage.reasoningTokens]
  );
}

test.each([
  ['OpenAI chat', { prompt_tokens: 9, completion_tokens: 5, total_tokens: 14 }, [9, 0, 5, 0]],
  [
    'OpenAI chat with details',
    {
      prompt_tokens: 9,
      completion_tokens: 5,
      prompt_tokens_details: { cached_tokens: 4 },
      completion_tokens_details: { reasoning_tokens: 3 },
    },
    [9, 4, 5, 3],
  ],
  [
    'OpenAI responses and audio',
    {
      input_tokens: 9,
      output_tokens: 5,
      input_tokens_details: { cached_tokens: 4 },
      output_tokens_details: { reasoning_tokens: 3 },
    },
    [9, 4, 5, 3],
  ],
  [
    'vLLM and SGLang',
    { prompt_tokens: 9, completion_tokens: 5, reasoning_tokens: 2 },
    [9, 0, 5, 2],
  ],
  [
    'details that are null',
    { prompt_tokens: 9, completion_tokens: 5, prompt_tokens_details: null },
    [9, 0, 5, 0],
  ],
  ['embeddings', { prompt_tokens: 9, total_tokens: 9 }, [9, 0, 0, 0]],
  ['only output', { completion_tokens: 5 }, [0, 0, 5, 0]],
  ['output worked out from the total', { prompt_tokens: 9, total_tokens: 14 }, [9, 0, 5, 0]],
  ['input worked out from the total', { completion_tokens: 5, total_tokens: 14 }, [9, 0, 5, 0]],
  ['a total below its part', { prompt_tokens: 9, total_tokens: 3 }, [9, 0, 0, 0]],
  ['a negative number', { prompt_tokens: -9, completion_tokens: 5 }, [0, 0, 5, 0]],
  ['a float', { prompt_tokens: 9, completion_tokens: 5.5, total_tokens: 14 }, [9, 0, 5, 0]],
  ['text', { prompt_tokens: '9', completion_tokens: 5 }, [0, 0, 5, 0]],
  ['too much', { prompt_tokens: 1e15, completion_tokens: 5 }, [0, 0, 5, 0]],
  ['the most', { prompt_tokens: 2 ** 31 - 1, completion_tokens: 2 ** 31 }, [2 ** 31 - 1, 0, 0, 0]],
  [
    'more cached than given, more reasoning than output',
    {
      prompt_tokens: 9,
      completion_tokens: 5,
      prompt_tokens_details: { cached_tokens: 10 },
      completion_tokens_details: { reasoning_tokens: 6 },
    },
    [9, 9, 5, 5],
  ],
  [
    'hostile details',
    {
      prompt_tokens: 9,
      completion_tokens: 5,
      prompt_tokens_details: { cached_tokens: -1 },
      completion_tokens_details: { reasoning_tokens: Number.NaN },
      reasoning_tokens: 0.5,
    },
    [9, 0, 5, 0],
  ],
  ['both unusable', { prompt_tokens: Number.NaN, completion_tokens: -1, total_tokens: 7 }, null],
  ['empty', {}, null],
  ['null', null, null],
  ['a list', [1, 2], null],
  ['a text', 'much', null],
])('usage: %s', (_what, usage, expected) => {
  expect(counts({ usage })).toEqual(expected);
});

test.each([
  ['Ollama', { prompt_eval_count: 9, eval_count: 5 }, [9, 0, 5, 0]],
  ['llama.cpp', { timings: { prompt_n: 9, predicted_n: 5 } }, [9, 0, 5, 0]],
  [
    'llama.cpp with a cache',
    { timings: { prompt_n: 9, cache_n: 4, predicted_n: 5 } },
    [13, 4, 5, 0],
  ],
  [
    'usage before timings',
    { usage: { prompt_tokens: 1, completion_tokens: 2 }, timings: { prompt_n: 9, predicted_n: 5 } },
    [1, 0, 2, 0],
  ],
  [
    'timings when usage is unusable',
    { usage: { prompt_tokens: -1 }, timings: { prompt_n: 9, predicted_n: 5 } },
    [9, 0, 5, 0],
  ],
  ['hostile timings', { timings: { prompt_n: -9, predicted_n: 'x' } }, null],
  ['nothing', {}, null],
])('%s', (_what, answer, expected) => {
  expect(counts(answer)).toEqual(expected);
});
