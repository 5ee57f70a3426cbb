import { expect, test } from 'vitest';
import { codePoints, TextReader, TurnText, unitsOf } from '../../../server/live/turn-text.ts';

const SAMPLES = [
  '',
  'plain',
  'é',
  'e\u0301',
  '漢字',
  '😀',
  '👩‍🔬🇩🇪',
  'a😀b𝛼c',
  '\ud83d',
  '\ude00\ud83d',
];
const never = new AbortController().signal;

function textOf(content: string, reasoning = ''): TurnText {
  const text = new TurnText();
  text.append(content, reasoning);
  return text;
}

test('a length in code points is what iteration gives', () => {
  for (const sample of SAMPLES) expect(codePoints(sample)).toBe([...sample].length);
});

test('units of so many code points are where iteration gets to', () => {
  for (const sample of SAMPLES)
    for (let points = 0; points <= [...sample].length + 1; points += 1)
      expect(unitsOf(sample, points)).toBe([...sample].slice(0, points).join('').length);
});

test('a text counts code points as it grows', () => {
  const text = new TurnText();
  for (const sample of SAMPLES) text.append(`${sample} `, sample);
  expect(text.content.points).toBe(codePoints(text.content.text));
  expect(text.reasoning.points).toBe(SAMPLES.reduce((sum, sample) => sum + codePoints(sample), 0));
});

test('a reader gets exactly what lies beyond its place, once', () => {
  const points = [...'a😀b𝛼c'];
  for (let place = 0; place <= points.length; place += 1) {
    const text = textOf(points.join(''));
    const reader = new TextReader(text, { content: place, reasoning: 0 });
    expect(reader.next()?.content ?? '').toBe(points.slice(place).join(''));
    expect(reader.next()).toBeNull();
    text.append('😀d', '');
    expect(reader.next()).toMatchObject({ content: '😀d', position: points.length + 2 });
  }
});

test('a reader that is ahead of the text waits until there is more', () => {
  const text = textOf('ab');
  const reader = new TextReader(text, { content: 4, reasoning: 0 });
  text.append('cd', 'so');
  expect(reader.next()).toEqual({
    content: '',
    reasoning: 'so',
    position: 4,
    reasoningPosition: 2,
  });
  text.append('e', '');
  expect(reader.next()).toMatchObject({ content: 'e', position: 5 });
});

test('a place at infinity is the end so far', () => {
  const text = textOf('ab', 'thought');
  const reader = new TextReader(text, { content: 0, reasoning: Number.POSITIVE_INFINITY });
  expect(reader.next()).toMatchObject({ content: 'ab', reasoning: '', reasoningPosition: 7 });
  text.append('', ' more');
  expect(reader.next()).toMatchObject({ reasoning: ' more', reasoningPosition: 12 });
});

test('a reader goes on where another stopped', () => {
  const text = textOf('ab😀', 'x');
  const first = new TextReader(text, { content: 1, reasoning: 0 });
  first.next();
  text.append('cd', 'y');
  expect(new TextReader(text, first.place).next()).toMatchObject({ content: 'cd', reasoning: 'y' });
});

test('who waits for a change is told of one that came before, of the next, and of the end', async () => {
  const text = textOf('a');
  await text.changed(0, never);
  const next = text.changed(text.version, never);
  text.append('b', '');
  await next;
  const end = text.changed(text.version, never);
  text.end();
  await end;
  await text.changed(text.version, never);
  expect(text.isEnded).toBe(true);
});

test('who leaves does not wait', async () => {
  const leaving = new AbortController();
  const text = textOf('a');
  const waiting = text.changed(text.version, leaving.signal);
  leaving.abort();
  await waiting;
  await text.changed(text.version, leaving.signal);
});

test('changes that come together are told together', async () => {
  const text = new TurnText();
  const reader = new TextReader(text, { content: 0, reasoning: 0 });
  let pieces = 0;
  const reading = (async () => {
    for (;;) {
      const { isEnded, version } = text;
      const piece = reader.next();
      if (piece) pieces += 1;
      else if (isEnded) return;
      await text.changed(version, never);
    }
  })();
  for (let at = 0; at < 10_000; at += 1) {
    text.append('x', '');
    if (at % 100 === 0) await new Promise(setImmediate);
  }
  text.end();
  await reading;
  expect(reader.place.content).toBe(10_000);
  expect(pieces).toBeLessThan(50);
});

test('a chunk that says nothing wakes nobody, so that the first word needn’t wait for the next frame', async () => {
  const text = new TurnText();
  let isWoken = false;
  const woken = text.changed(text.version, never).then(() => (isWoken = true));
  text.append('', '');
  await Promise.resolve();
  expect(isWoken).toBe(false);
  text.append('Hello', '');
  await woken;
});
