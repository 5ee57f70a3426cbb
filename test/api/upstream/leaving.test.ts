import { expect, test } from 'vitest';
import { undiciModelClient } from '../../../server/upstream/undici-client.ts';
import { hangsAfter, waits } from '../../support/fake-model.ts';
import { BODY, deltasOf, NEVER, textOf, upstreamOfEachTest } from './upstream.ts';

const up = upstreamOfEachTest();

test('breaking out of the iteration closes the connection', async () => {
  up.model.answer(hangsAfter('a'));
  for await (const batch of await up.stream()) {
    expect(textOf(batch)).toBe('a');
    break;
  }
  await up.model.closedByClient();
});

test('an abort before the answer closes the connection and throws the reason', async () => {
  up.model.answer(waits());
  const leaving = new AbortController();
  const answer = up.stream(leaving.signal);
  await up.model.received();
  leaving.abort(new Error('left'));
  await expect(answer).rejects.toThrow('left');
  await up.model.closedByClient();
});

test('an abort in the answer closes the connection and rejects the iteration at once', async () => {
  up.model.answer(hangsAfter('a'));
  const leaving = new AbortController();
  const answer = (await up.stream(leaving.signal))[Symbol.asyncIterator]();
  await answer.next();
  const pending = answer.next();
  leaving.abort(new Error('left'));
  await expect(pending).rejects.toThrow('left');
  await up.model.closedByClient();
  expect((await answer.next()).done).toBe(true);
});

test('an abort while nobody reads discards what is unread', async () => {
  up.model.answer(hangsAfter('a'));
  const leaving = new AbortController();
  const answer = (await up.stream(leaving.signal))[Symbol.asyncIterator]();
  leaving.abort(new Error('left'));
  await expect(answer.next()).rejects.toThrow('left');
  await up.model.closedByClient();
});

test('a signal that is aborted already sends nothing', async () => {
  await expect(up.stream(AbortSignal.abort(new Error('left')))).rejects.toThrow('left');
  expect(up.model.requests).toEqual([]);
});

test('an abort while connecting gives up at once', async () => {
  up.model.answer(waits());
  const leaving = new AbortController();
  const answer = up.stream(leaving.signal);
  leaving.abort(new Error('left'));
  await expect(answer).rejects.toThrow('left');
});

test('closing the client breaks off what is running', async () => {
  up.model.answer(hangsAfter('a'));
  const other = undiciModelClient();
  const signal = NEVER;
  const answer = await other.stream(up.endpoint, '/chat/completions', BODY, signal);
  const reading = deltasOf(answer);
  await Promise.all([
    expect(reading).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' }),
    other.close(),
  ]);
});
