import { expect, test, vi } from 'vitest';
import type { Delta } from '../../../server/upstream/delta.ts';
import { DeltaReader } from '../../../server/upstream/read-delta.ts';

type Shape = (text: string, at: number) => unknown;

const chunk = (delta: object, more: object = {}): object => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  model: 'llama',
  choices: [{ index: 0, delta, finish_reason: null, ...more }],
});

const SHAPES: Readonly<Record<string, Shape>> = {
  content: (content) => chunk({ content }),
  reasoning: (reasoning_content) => chunk({ content: null, reasoning_content }),
  'one text under two names': (text) => chunk({ reasoning: text, reasoning_content: text }),
  'content and reasoning by turns': (text, at) =>
    chunk(at % 2 === 0 ? { content: text } : { reasoning: text }),
  'the text elsewhere as well': (content) => ({ ...chunk({ content }), echoed: content }),
  'a later choice': (content) => ({ choices: [{ index: 1, delta: { content } }] }),
  'two choices': (text) => ({
    choices: [
      { index: 0, delta: { content: 'a' } },
      { index: 1, delta: { content: text } },
    ],
  }),
  'a legacy completion': (text) => ({ model: 'llama', choices: [{ index: 0, text }] }),
  'usage in each event': (content, at) => ({
    ...chunk({ content }),
    usage: { prompt_tokens: 3, completion_tokens: at },
  }),
  'something new in each event': (content, at) => ({
    ...chunk({ content }),
    padding: 'x'.repeat(at),
  }),
  'a reason to finish': (content, at) =>
    chunk({ content }, at === 1 ? { finish_reason: 'stop' } : {}),
  'the arguments of a call': (text) => chunk({ tool_calls: [{ function: { arguments: text } }] }),
  'parts of text': (text) => chunk({ content: [{ type: 'text', text }] }),
  'events with a type': (delta) => ({ type: 'response.output_text.delta', delta }),
};
const TEXTS = [
  'Hello',
  ' world',
  ':',
  ',',
  '',
  'content',
  'llama',
  'index',
  'the text of this event',
];
const ODD_TEXTS = [
  '"',
  '\\',
  'a\nb',
  '\u0000',
  '","x":"',
  '\\"},{"',
  '🙂',
  'é',
  '\ud83d',
  '\ude42',
];

const ALL = [...TEXTS, ...ODD_TEXTS];
const SEQUENCES = ALL.flatMap((first) => ALL.map((second) => [first, second, 'and more']));

const alone = (data: string) => new DeltaReader().read(data);

test.each(Object.entries(SHAPES))('%s: what came before changes nothing', (_name, shape) => {
  for (const texts of SEQUENCES) {
    const reader = new DeltaReader();
    const events = texts.map((text, at) => JSON.stringify(shape(text, at)));
    const read = events.map((data) => reader.read(data));
    const expected = events.map(alone);
    // Half a surrogate pair waits for its other half: that is told by the test of the reader.
    if (texts.every((text) => text.isWellFormed())) expect(read).toEqual(expected);
    else expect(read.map(produced)).toEqual(expected.map(produced));
  }
});

const produced = ({ raw, producedCharacters }: Delta) => ({ raw, producedCharacters });

test('a broken event is refused, however much it is like the one before', () => {
  const reader = new DeltaReader();
  const good = JSON.stringify(chunk({ content: 'Hello' }));
  reader.read(good);
  for (const text of ['a"b', 'a\\', 'a\nb', '","content":7,"x":'])
    expect(() => reader.read(good.replace('Hello', text))).toThrow();
});

test('events that differ in their text alone are parsed no more', () => {
  const reader = new DeltaReader();
  reader.read(JSON.stringify(chunk({ content: 'Hello' })));
  const others = [' world', '!'].map((content) => JSON.stringify(chunk({ content })));
  const parse = vi.spyOn(JSON, 'parse');
  const texts = others.map((data) => reader.read(data).content);
  const { length } = parse.mock.calls;
  parse.mockRestore();
  expect(texts).toEqual([' world', '!']);
  expect(length).toBe(0);
});

test('of events with something new in each, only the first few are tried', () => {
  const reader = new DeltaReader();
  const events = Array.from({ length: 20 }, (_, at) =>
    JSON.stringify({ ...chunk({ content: 'word' }), padding: `${at}` }),
  );
  const parse = vi.spyOn(JSON, 'parse');
  for (const data of events) reader.read(data);
  const { length } = parse.mock.calls;
  parse.mockRestore();
  expect(length).toBe(events.length + 3);
});
