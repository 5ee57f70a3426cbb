import { describe, expect, test } from 'vitest';
import {
  choicesOf,
  estimatedInputTokens,
  estimatedOutputTokens,
  hasLimit,
  limitOf,
  outputTokensWanted,
  withLimit,
} from '../../../server/gateway/estimate.ts';

const chat = (body: object) => ({ path: '/chat/completions', body: { ...body } });

describe('output tokens to hold coins for', () => {
  test.each([
    ['what the request allows', { max_tokens: 50 }, 1000, 50],
    ['what the model can, when that is less', { max_tokens: 5000 }, 1000, 1000],
    ['what the model can, when the request states nothing', {}, 1000, 1000],
    ['what is assumed, when nobody states anything', {}, null, 8192],
    ['as often as choices are asked for', { max_tokens: 50, n: 4 }, 1000, 200],
    ['for the best of many as for all of them', { max_tokens: 50, best_of: 8 }, 1000, 400],
    ['for each of several prompts', { max_tokens: 50, prompt: ['a', 'b', 'c'] }, null, 150],
    ['for each of several prompts in tokens', { max_tokens: 5, prompt: [[1, 2], [3]] }, null, 10],
    ['for one prompt in tokens once', { max_tokens: 5, prompt: [1, 2, 3] }, null, 5],
    ['a broken limit as if it were not there', { max_tokens: 'many' }, 1000, 1000],
    ['a limit of minus one, which to some is none', { max_tokens: -1 }, 1000, 1000],
    ['a number beyond all numbers as the highest', { max_tokens: Infinity }, null, 2 ** 31 - 1],
    ['a fraction rounded up', { max_tokens: 0.5 }, 1000, 1],
    ['two limits as the higher', { max_tokens: 9, max_completion_tokens: 90 }, null, 90],
    ['two limits of which one is broken', { max_tokens: 9, max_completion_tokens: 'x' }, 70, 70],
  ])('are %s', (_what, body, maxOutputTokens, tokens) => {
    expect(outputTokensWanted(chat(body), { maxOutputTokens }, 8192)).toBe(tokens);
  });

  test('are none for embeddings', () => {
    const ask = { path: '/embeddings', body: { input: 'a', max_tokens: 5 } };
    expect(outputTokensWanted(ask, { maxOutputTokens: 1000 }, 8192)).toBe(0);
  });
});

test.each([
  [{}, null],
  [{ max_tokens: null }, null],
  [{ max_tokens: 7 }, 7],
  [{ max_completion_tokens: 7, max_tokens: null }, 7],
  [{ max_output_tokens: 7 }, 7],
  [{ n_predict: 7 }, 7],
  [{ n_predict: -1, max_tokens: 7 }, null],
  [{ max_tokens: [7] }, null],
])('the limit of %j is %j', (body, limit) => {
  expect(limitOf(body)).toBe(limit);
});

test('a lowered limit takes the place of every limit that was stated, whatever it was', () => {
  expect(withLimit({ top_k: 3 }, 20.9, '/chat/completions')).toEqual({ top_k: 3, max_tokens: 20 });
  expect(withLimit({ max_completion_tokens: 99 }, 20, '/chat/completions')).toEqual({
    max_completion_tokens: 20,
  });
  expect(
    withLimit({ max_completion_tokens: '99', n_predict: -1 }, 20, '/chat/completions'),
  ).toEqual({
    max_completion_tokens: 20,
    n_predict: 20,
  });
  expect(withLimit({ max_tokens: null }, 0.2, '/chat/completions')).toEqual({ max_tokens: 1 });
});

test.each([
  [{}, 1],
  [{ n: 3 }, 3],
  [{ n: '3' }, 3],
  [{ n: 2.5 }, 3],
  [{ n: -4 }, 1],
  [{ n: 'x', best_of: null }, 1],
  [{ n: 2, best_of: 5 }, 5],
  [{ n: 2, prompt: ['a', 'b'] }, 4],
  [{ prompt: [] }, 1],
])('%j asks for %d answers', (body, choices) => {
  expect(choicesOf(body)).toBe(choices);
});

test('a prompt is estimated from above: at more than a token a word, tools included', () => {
  const english = 'The quick brown fox jumps over the lazy dog and runs away.';
  const german = 'Die Forschungseinrichtung bewilligt Fördermittel.';
  for (const content of [english, german]) {
    const words = content.split(' ').length;
    expect(estimatedInputTokens({ messages: [{ role: 'user', content }] })).toBeGreaterThan(
      2 * words,
    );
  }
  const tools = [{ type: 'function', function: { name: 'search', parameters: {} } }];
  expect(estimatedInputTokens({ prompt: 'a', tools })).toBeGreaterThan(
    estimatedInputTokens({ prompt: 'a' }),
  );
});

test('what a model did not count is a token for every four characters begun', () => {
  expect([0, 1, 4, 5].map(estimatedOutputTokens)).toEqual([0, 1, 1, 2]);
});

test('a body nested so deeply that it can not be written is refused', () => {
  const deep = JSON.parse('['.repeat(200_000) + ']'.repeat(200_000));
  expect(() => estimatedInputTokens({ messages: deep })).toThrow('nested too deeply');
});

test('a picture counts as a picture, whatever its bytes; sound by its length', () => {
  const tokensOf = (part: object) =>
    estimatedInputTokens({ messages: [{ role: 'user', content: [part] }] });
  const url = `data:image/png;base64,${'A'.repeat(4_000_000)}`;
  for (const part of [
    { type: 'image_url', image_url: { url, detail: 'high' } },
    { type: 'input_image', image_url: url },
    { type: 'image_url', image_url: { url: 'https://example.org/cat.png' } },
  ]) {
    expect(tokensOf(part)).toBeGreaterThan(1_700);
    expect(tokensOf(part)).toBeLessThan(2_500);
  }
  const data = 'A'.repeat(400_000);
  const sound = tokensOf({ type: 'input_audio', input_audio: { data, format: 'wav' } });
  expect(sound).toBeGreaterThan(10_000);
  expect(sound).toBeLessThan(11_000);
  expect(tokensOf({ type: 'text', text: data })).toBeGreaterThan(100_000);
});

test('R24 a picture is not even looked at to be counted, so that megabytes of it keep nobody waiting', () => {
  const unread = {
    get url(): string {
      throw new Error('it was read');
    },
  };
  const messages = [{ role: 'user', content: [{ type: 'image_url', image_url: unread }] }];
  expect(estimatedInputTokens({ messages })).toBeGreaterThanOrEqual(2048);
});

test('only an answer of text has a limit, each under the name of its own path', () => {
  expect(withLimit({}, 20, '/responses')).toEqual({ max_output_tokens: 20 });
  expect(withLimit({}, 20, '/completions')).toEqual({ max_tokens: 20 });
  const paths = ['/chat/completions', '/completions', '/responses', '/images/generations'];
  expect(paths.map(hasLimit)).toEqual([true, true, true, false]);
});

test.each(['suffix', 'functions', 'documents', 'response_format', 'chat_template', 'text'])(
  'what a model reads under the name %s is no free prompt',
  (field) => {
    const messages = [{ role: 'user', content: 'Hi' }];
    const body = { messages, [field]: ['word '.repeat(3_000)] };
    expect(estimatedInputTokens(body)).toBeGreaterThan(3_000);
  },
);

test('words that a tool calls a picture are counted as words', () => {
  const image_url = { description: 'word '.repeat(10_000) };
  const tools = [{ type: 'function', function: { name: 'f', parameters: { image_url } } }];
  expect(estimatedInputTokens({ messages: [], tools })).toBeGreaterThan(10_000);
});

test('R13 no request is measured in more tokens than an integer column holds', () => {
  const most = 2 ** 31 - 1;
  const messages = Array.from({ length: 70_000 }, () => ({ video_url: 1 }));
  expect(estimatedInputTokens({ messages })).toBe(most);
  const drawn = { path: '/images/generations', body: { prompt: 'a', n: 1_000_000 } };
  expect(outputTokensWanted(drawn, { maxOutputTokens: null }, 8192)).toBe(most);
  expect(
    outputTokensWanted(chat({ n: most, max_tokens: most }), { maxOutputTokens: null }, 1),
  ).toBe(most);
});
