import { describe, expect, test } from 'vitest';
import { DeltaReader, readAnswer } from '../../../server/upstream/read-delta.ts';

const read = (event: unknown) => new DeltaReader().read(JSON.stringify(event));
const withDelta = (delta: unknown) => ({ choices: [{ index: 0, delta }] });
const failure = (reason: string) =>
  expect.objectContaining({ code: 'UPSTREAM_FAILED', details: { reason } });

describe('content, reasoning and produced characters', () => {
  test.each([
    ['text', withDelta({ content: 'hello' }), 'hello', '', 5],
    [
      'text parts',
      withDelta({ content: [{ type: 'text', text: 'a' }, { text: 'b' }, 7] }),
      'ab',
      '',
      2,
    ],
    ['reasoning_content', withDelta({ reasoning_content: 'hm' }), '', 'hm', 2],
    ['reasoning', withDelta({ reasoning: 'hm', content: null }), '', 'hm', 2],
    ['reasoning_text', withDelta({ reasoning_text: 'hm' }), '', 'hm', 2],
    [
      'the same reasoning twice',
      withDelta({ reasoning: 'hm', reasoning_content: 'hm' }),
      '',
      'hm',
      2,
    ],
    ['a legacy completion', { choices: [{ index: 0, text: 'hello' }] }, 'hello', '', 5],
    ['an index that is missing', { choices: [{ delta: { content: 'a' } }] }, 'a', '', 1],
    ['a later choice only', { choices: [{ index: 1, delta: { content: 'abc' } }] }, '', '', 3],
    ['no choices', { choices: [] }, '', '', 0],
    ['strange choices', { choices: [null, 7, 'x', { delta: 7 }] }, '', '', 0],
    ['choices that are no list', { choices: { delta: { content: 'a' } } }, '', '', 0],
    ['a number as content', withDelta({ content: 7 }), '', '', 0],
    [
      'tool calls',
      withDelta({ tool_calls: [{ function: { name: 'f', arguments: '{"a"' } }, {}] }),
      '',
      '',
      5,
    ],
    ['a legacy function call', withDelta({ function_call: { arguments: '{}' } }), '', '', 2],
    ['a refusal', withDelta({ refusal: 'no' }), '', '', 2],
    ['NUL', withDelta({ content: 'a\0b' }), 'a\ufffdb', '', 3],
    [
      'half a pair inside',
      withDelta({ content: 'a\ud83db', reasoning: '\ude00' }),
      'a\ufffdb',
      '\ufffd',
      4,
    ],
  ])('%s', (_what, event, content, reasoning, producedCharacters) => {
    expect(read(event)).toMatchObject({ content, reasoning, producedCharacters });
  });
});

test('half a surrogate pair at the end waits for its other half, each text for its own', () => {
  const reader = new DeltaReader();
  const next = (delta: unknown) => {
    const { content, reasoning } = reader.read(JSON.stringify(withDelta(delta)));
    return [content, reasoning];
  };
  expect(next({ content: 'a\ud83d' })).toEqual(['a', '']);
  expect(next({ reasoning: 'b\ud83d' })).toEqual(['', 'b']);
  expect(next({ content: '\ude42c' })).toEqual(['🙂c', '']);
  expect(next({ reasoning: 'x' })).toEqual(['', '\ufffdx']);
});

test('half a surrogate pair that never finds its other half is replaced at the end', () => {
  const reader = new DeltaReader();
  reader.read(JSON.stringify(withDelta({ content: 'a\ud83d' })));
  const last = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
  expect(reader.read(JSON.stringify(last)).content).toBe('\ufffd');
});

test('the raw event stays as it came, except that it is one line', () => {
  const raw = '{"choices": [{"delta": {"content": "a\\u0000\\ud83d"}}], "other": 1e400}';
  expect(new DeltaReader().read(raw).raw).toBe(raw);
  expect(new DeltaReader().read('{"choices":\n[]}').raw).toBe('{"choices": []}');
});

test.each([
  [{ choices: [{ index: 0, delta: {}, finish_reason: 'length' }] }, 'length'],
  [{ choices: [{ index: 0, delta: {}, finish_reason: '' }] }, null],
  [{ choices: [{ index: 0, delta: {}, finish_reason: null }] }, null],
  [{ choices: [{ index: 0, delta: {}, finish_reason: 7 }] }, null],
  [{ choices: [{ index: 1, delta: {}, finish_reason: 'stop' }] }, null],
])('the finish reason of %j is %j', (event, finishReason) => {
  expect(read(event).finishReason).toBe(finishReason);
});

test.each([
  [{ choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } }, true],
  [{ choices: [], usage: { prompt_tokens: -1 } }, true],
  [{ choices: [], usage: null }, false],
  [{ choices: [] }, false],
  [{ usage: { prompt_tokens: 1 } }, false],
  [{ choices: [{ delta: {} }], usage: { prompt_tokens: 1 } }, false],
])('whether %j holds only usage: %s', (event, isUsageOnly) => {
  expect(read(event).isUsageOnly).toBe(isUsageOnly);
});

test.each([
  ['llama-3.1', 'llama-3.1'],
  ['a\u0000b', null],
  ['x'.repeat(201), null],
  [7, null],
])('the model name %j is read as %j', (model, upstreamModel) => {
  expect(read({ model }).upstreamModel).toBe(upstreamModel);
});

test.each(['', 'hello', '{', '[]', '7', 'null', '{"a":1}{"b":2}'])('%j is not an event', (data) => {
  expect(() => new DeltaReader().read(data)).toThrow(failure('upstream_not_an_answer'));
});

test.each([
  ['{"error":{"message":"out of memory"}}', ''],
  ['{"error":"out of memory"}', ''],
  ['{"object":"error","message":"out of memory"}', ''],
  ['{"message":"out of memory"}', 'error'],
])('%s as an event named %j tells of an error', (data, name) => {
  expect(() => new DeltaReader().read(data, name)).toThrow(failure('upstream_failed'));
});

test('an event whose error is null is an event', () => {
  expect(read({ ...withDelta({ content: 'a' }), error: null }).content).toBe('a');
});

describe('whole answers', () => {
  const usage = { inputTokens: 3, cachedInputTokens: 0, outputTokens: 4, reasoningTokens: 0 };
  const stated = { prompt_tokens: 3, completion_tokens: 4 };

  test.each([
    [
      'chat of several choices, with reasoning and tool calls',
      {
        choices: [
          { message: { content: 'ab', reasoning_content: 'c' } },
          {
            message: { content: null, tool_calls: [{ function: { name: 'f', arguments: '{}' } }] },
          },
        ],
        usage: stated,
        model: 'm',
      },
      { usage, producedCharacters: 6, upstreamModel: 'm' },
    ],
    [
      'legacy completions',
      { choices: [{ text: 'abc' }, { text: 'd' }], usage: stated },
      { usage, producedCharacters: 4, upstreamModel: null },
    ],
    [
      'embeddings',
      { data: [{ embedding: [0.1] }], usage: { prompt_tokens: 3, total_tokens: 3 } },
      { usage: { ...usage, outputTokens: 0 }, producedCharacters: 0 },
    ],
    ['a transcription', { text: 'x', usage: stated }, { usage, producedCharacters: 1 }],
    ['any JSON without usage', { is: 'x' }, { usage: null, producedCharacters: 0 }],
  ])('%s', (_what, body, expected) => {
    const raw = JSON.stringify(body);
    expect(readAnswer(raw, '')).toMatchObject({ ...expected, raw });
  });

  test.each(['', '<html>', '[]', '"x"'])('%j is not an answer', (raw) => {
    expect(() => readAnswer(raw, '')).toThrow(failure('upstream_not_an_answer'));
  });

  test('an error with a success status is a failure', () => {
    expect(() => readAnswer('{"error":{"message":"x"}}', '')).toThrow(failure('upstream_failed'));
  });
});
