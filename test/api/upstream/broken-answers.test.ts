import { describe, expect, test } from 'vitest';
import {
  type Behaviour,
  endsAfter,
  errorAfter,
  hangsAfter,
  resetsAfter,
  responds,
  streamsText,
} from '../../support/fake-model.ts';
import { serverThatSays } from './bare-server.ts';
import { BODY, failed, NEVER, PATIENT, upstreamOfEachTest } from './upstream.ts';

const up = upstreamOfEachTest();

describe('within a stream', () => {
  const event = (content: string) => `data: {"choices":[{"delta":{"content":"${content}"}}]}\n\n`;

  test.each<[string, Behaviour, string]>([
    ['an end without finish reason', endsAfter('a'), 'broke_off'],
    ['an end within an event', streamsText(event('a'), 'data: {"choi'), 'broke_off'],
    ['a reset', resetsAfter('a'), 'broke_off'],
    ['an error object', errorAfter({ error: { message: 'x' } }, 'a'), 'failed'],
    ['an error of vLLM', errorAfter({ object: 'error', message: 'x' }, 'a'), 'failed'],
    ['an error event', streamsText(event('a'), 'event: error\ndata: {}\n\n'), 'failed'],
    ['malformed JSON', streamsText(event('a'), 'data: {oops}\n\n'), 'not_an_answer'],
    ['an event that is no object', streamsText(event('a'), 'data: []\n\n'), 'not_an_answer'],
  ])('%s is a failure, after the text before it', async (_what, behaviour, kind) => {
    up.model.answer(behaviour);
    const seen: string[] = [];
    await expect(up.reads(PATIENT, seen)).rejects.toMatchObject(failed(kind));
    expect(seen).toEqual(['a']);
  });

  test('silence is a time-out, after the text before it', async () => {
    up.model.answer(hangsAfter('a'));
    const seen: string[] = [];
    const timeouts = { ...PATIENT, idleTimeoutMs: 50 };
    await expect(up.reads(timeouts, seen)).rejects.toMatchObject(failed('too_slow'));
    expect(seen).toEqual(['a']);
    await up.model.closedByClient();
  });

  test('an empty stream is a failure', async () => {
    up.model.answer(streamsText(''));
    await expect(up.reads()).rejects.toMatchObject(failed('broke_off'));
  });

  test('a whole JSON answer is not a stream', async () => {
    up.model.answer(responds(200, { choices: [] }));
    await expect(up.reads()).rejects.toMatchObject(failed('not_an_answer'));
  });

  test('a line above 4 MB is not an answer, and the connection is closed', async () => {
    up.model.answer((request) => request.sends(`data: "${'x'.repeat(5 * 1024 * 1024)}`));
    await expect(up.reads()).rejects.toMatchObject(failed('not_an_answer'));
    await up.model.closedByClient();
  });

  test('more than 32 MB are not an answer, and the connection is closed', async () => {
    const megabyte = `: ${'x'.repeat(1024 * 1024 - 4)}\n\n`;
    up.model.answer(streamsText(...Array(40).fill(megabyte)));
    await expect(up.reads()).rejects.toMatchObject(failed('not_an_answer'));
    await up.model.closedByClient();
  });

  test('a reset after the finish reason leaves the answer whole', async () => {
    up.model.answer(async (request) => {
      await request.sends(
        'data: {"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}\n\n',
      );
      request.resets();
    });
    const seen: string[] = [];
    await up.reads(PATIENT, seen);
    expect(seen).toEqual(['a']);
  });
});

describe('within a whole answer', () => {
  const json = { 'content-type': 'application/json' };

  test.each<[string, Behaviour, string]>([
    ['garbage', responds(200, '{oops', json), 'not_an_answer'],
    ['nothing', responds(200, '', json), 'not_an_answer'],
    ['a list', responds(200, []), 'not_an_answer'],
    ['an error', responds(200, { error: { message: 'x' } }), 'failed'],
    ['an event stream', streamsText('data: {}\n\n'), 'not_an_answer'],
  ])('%s is a failure', async (_what, behaviour, kind) => {
    up.model.answer(behaviour);
    await expect(up.call()).rejects.toMatchObject(failed(kind));
  });

  test.each(['reset', 'end'])('a %s in the middle is a broken answer', async (how) => {
    up.model.answer((request) => {
      request.response.writeHead(200, { ...json, 'content-length': '100' });
      request.response.write('{"a":', () => {
        if (how === 'reset') request.resets();
        else request.response.socket?.end();
      });
    });
    await expect(up.call()).rejects.toMatchObject(failed('broke_off'));
  });

  test('silence is a time-out', async () => {
    up.model.answer((request) => {
      request.response.writeHead(200, json).write('{"a":');
    });
    const timeouts = { ...PATIENT, idleTimeoutMs: 50 };
    await expect(up.call(timeouts)).rejects.toMatchObject(failed('too_slow'));
  });

  test('more than 32 MB are not an answer, and the connection is closed', async () => {
    up.model.answer((request) => {
      request.response.writeHead(200, json).write(' '.repeat(33 * 1024 * 1024));
    });
    await expect(up.call()).rejects.toMatchObject(failed('not_an_answer'));
    await up.model.closedByClient();
  });
});

test('a binary answer that breaks in the same piece as its head fails whoever reads it, and nothing else', async () => {
  const head = 'HTTP/1.1 200 OK\r\ncontent-type: audio/mpeg\r\ntransfer-encoding: chunked\r\n\r\n';
  const server = await serverThatSays(`${head}no chunk\r\n`);
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  process.on('uncaughtException', note);
  try {
    const endpoint = { ...up.endpoint, url: server.url };
    const { pieces } = await up.client.binary(endpoint, '/audio/speech', BODY, NEVER);
    await expect(pieces[Symbol.asyncIterator]().next()).rejects.toMatchObject(failed('broke_off'));
  } finally {
    process.off('uncaughtException', note);
    await server.close();
  }
  expect(unhandled).toEqual([]);
});
