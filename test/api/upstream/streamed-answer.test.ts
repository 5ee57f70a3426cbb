import { expect, test } from 'vitest';
import { answers, says, streamsText, waits } from '../../support/fake-model.ts';
import { deltasOf, PATIENT, textOf, upstreamOfEachTest } from './upstream.ts';

const up = upstreamOfEachTest();

test('a streamed answer comes with its text, reasoning, finish reason and usage, and ends before [DONE]', async () => {
  up.model.answer(
    answers({
      reasoning: ['hm'],
      texts: ['Grüße', ' 🙂'],
      usage: { prompt_tokens: 3, completion_tokens: 4 },
    }),
  );
  const deltas = await deltasOf(await up.stream());
  expect(textOf(deltas)).toBe('Grüße 🙂');
  expect(deltas.map(({ reasoning }) => reasoning).join('')).toBe('hm');
  expect(deltas.at(-2)?.finishReason).toBe('stop');
  expect(deltas.at(-1)).toMatchObject({
    isUsageOnly: true,
    usage: { inputTokens: 3, outputTokens: 4 },
    upstreamModel: 'm',
  });
});

test('a streamed answer opens before the first event and brings each event as it is sent', async () => {
  up.model.answer((request) => request.sends(': ping\n\n'));
  const answer = (await up.stream())[Symbol.asyncIterator]();
  const batch = answer.next();
  await up.model.says('one');
  expect(textOf((await batch).value)).toBe('one');
  const second = answer.next();
  await up.model.says('two');
  expect(textOf((await second).value)).toBe('two');
  await up.model.finishes();
  expect((await answer.next()).done).toBe(false);
});

test('a streamed answer gives what the network brought in one piece as one batch', async () => {
  up.model.answer(streamsText(`${'data: {"choices":[]}\n\n'.repeat(50)}data: [DONE]\n\n`));
  const answer = (await up.stream())[Symbol.asyncIterator]();
  expect((await answer.next()).value).toHaveLength(50);
  expect((await answer.next()).done).toBe(true);
});

test('a streamed answer may end by a finish reason without [DONE], or by [DONE] without a finish reason', async () => {
  up.model.answerNext(
    streamsText('data: {"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}\n\n'),
    streamsText('data: {"choices":[{"delta":{"content":"b"}}]}\n\ndata: [DONE]'),
  );
  expect(textOf(await deltasOf(await up.stream()))).toBe('a');
  expect(textOf(await deltasOf(await up.stream()))).toBe('b');
});

test('a streamed answer ends at [DONE] even when the server leaves the connection open', async () => {
  up.model.answer((request) => request.sends('data: [DONE]\n\n'));
  expect(await deltasOf(await up.stream())).toEqual([]);
  await up.model.closedByClient();
});

test('a streamed answer is whole when it is cut into pieces of one byte', async () => {
  const bytes = Buffer.from(
    'data: {"choices":[{"delta":{"content":"日🙂"}}]}\r\n\r\ndata: [DONE]\n\n',
  );
  up.model.answer(streamsText(...Array.from(bytes, (_, i) => bytes.subarray(i, i + 1))));
  expect(textOf(await deltasOf(await up.stream()))).toBe('日🙂');
});

test('a streamed answer of several megabytes arrives whole, read slowly or fast', async () => {
  const texts = Array.from({ length: 200 }, (_, i) => `${i} `.padEnd(20_000, 'x'));
  up.model.answer(says(...texts));
  const fast = textOf(await deltasOf(await up.stream()));
  let slow = '';
  for await (const batch of await up.stream()) {
    await new Promise(setImmediate);
    slow += textOf(batch);
  }
  expect(fast).toBe(texts.join(''));
  expect(slow).toBe(fast);
});

test('a streamed answer holds the server back while nobody reads, however long, and goes on afterwards', async () => {
  const event = `data: {"choices":[{"delta":{"content":"${'x'.repeat(60_000)}"}}]}\n\n`;
  let sent = 0;
  up.model.answer(async (request) => {
    for (; sent < 400; sent++) await request.sends(event);
    request.finishes();
  });
  const idleTimeoutMs = 200;
  const answer = await up.stream(undefined, { ...PATIENT, idleTimeoutMs });
  const startedMs = performance.now();
  for (let last = -1; last !== sent || performance.now() - startedMs < 2 * idleTimeoutMs; ) {
    last = sent;
    for (let i = 0; i < 10; i++) await up.client.listModels(up.endpoint, 5000);
  }
  expect(sent).toBeLessThan(400);
  expect(textOf(await deltasOf(answer))).toHaveLength(400 * 60_000);
});

test('a streamed answer goes over a connection that is used again', async () => {
  const ports = new Set<number | undefined>();
  up.model.answer((request) => {
    ports.add(request.response.socket?.remotePort);
    return says('x')(request);
  });
  for (let i = 0; i < 5; i++) {
    await deltasOf(await up.stream());
    await new Promise(setImmediate);
  }
  expect(ports.size).toBeLessThan(5);
});

test('a streamed answer does not wait for other answers', async () => {
  up.model.answer(waits());
  const hanging = Array.from({ length: 50 }, () => up.stream());
  await up.model.received(50);
  up.model.answer(says('free'));
  expect(textOf(await deltasOf(await up.stream()))).toBe('free');
  for (const request of up.model.requests) if (!request.response.headersSent) request.finishes();
  await Promise.all(hanging.map(async (answer) => deltasOf(await answer)));
});
