import { expect, test } from 'vitest';
import { EventStreamParser } from '../../../server/upstream/event-stream.ts';

const SAMPLE = Buffer.from(
  '\ufeff: ping\r\n\r\ndata: {"a":"grün"}\r\n\r\nevent: note\ndata:{"b":"日本"}\n\nid: 7\rdata: 1\rdata: 2\r\r' +
    ': ping\n\nretry: 5\ndata:  two\n\ndata: 🙂\n\ndata: [DONE]\n\n',
);
const EVENTS = [
  ['{"a":"grün"}', ''],
  ['{"b":"日本"}', 'note'],
  ['1\n2', ''],
  [' two', ''],
  ['🙂', ''],
  ['[DONE]', ''],
];

function eventsOf(...pieces: (Buffer | string)[]): string[][] {
  const events: string[][] = [];
  const parser = new EventStreamParser((data, name) => events.push([data, name]));
  for (const piece of pieces) parser.feed(piece);
  parser.end();
  return events;
}

test('a stream gives the same events wherever it is cut in two', () => {
  for (let cut = 0; cut <= SAMPLE.length; cut++) {
    expect(eventsOf(SAMPLE.subarray(0, cut), SAMPLE.subarray(cut)), `cut at ${cut}`).toEqual(
      EVENTS,
    );
  }
});

test('a stream that arrives byte by byte gives the same events', () => {
  expect(eventsOf(...Array.from(SAMPLE, (_, i) => SAMPLE.subarray(i, i + 1)))).toEqual(EVENTS);
});

test.each(['\n', '\r\n', '\r'])('lines may end with %j', (end) => {
  const text = ['event: x', 'data: 1', 'data: 2', '', 'data: 3', '', ''].join(end);
  expect(eventsOf(text)).toEqual([
    ['1\n2', 'x'],
    ['3', ''],
  ]);
});

test('an event is given in the same call that completes it', () => {
  const events: string[] = [];
  const parser = new EventStreamParser((data) => events.push(data));
  parser.feed('data: 1\n');
  expect(events).toEqual([]);
  parser.feed('\ndata: 2\n\nda');
  expect(events).toEqual(['1', '2']);
});

test('a last event without its empty line counts when the stream ends', () => {
  expect(eventsOf('data: 1\n\ndata: [DONE]')).toEqual([
    ['1', ''],
    ['[DONE]', ''],
  ]);
});

test('comments, unknown fields and events without data give nothing', () => {
  expect(eventsOf(': data: 1\n\nfoo: bar\n\nevent: x\n\ndata:\n\n\n\n')).toEqual([]);
});

test('a name belongs to one event only', () => {
  expect(eventsOf('event: x\n\ndata: 1\n\n')).toEqual([['1', '']]);
});

test.each(['at once', 'in pieces'])('a line above 4 MB is refused when it comes %s', (how) => {
  const piece = 'x'.repeat(1024 * 1024);
  const parser = new EventStreamParser(() => undefined);
  const feed = () => {
    if (how === 'at once') parser.feed(`data: ${piece.repeat(5)}\n`);
    else for (let i = 0; i < 5; i++) parser.feed(piece);
  };
  expect(feed).toThrow(expect.objectContaining({ code: 'UPSTREAM_FAILED' }));
});

test('many short lines in one piece cost time in proportion to their number', () => {
  const eventCount = (lines: number) => eventsOf('data: 1\r\r'.repeat(lines)).length;
  expect(eventCount(200_000)).toBe(200_000);
});
