import type { ServerResponse } from 'node:http';
import { Writable } from 'node:stream';
import type { ExecutionResult } from 'graphql';
import { expect, test } from 'vitest';
import { PacedEvents } from '../../../server/graphql/paced-events.ts';

test('a reader that is slow again and again is not watched by more and more listeners', async () => {
  const response = new Writable({
    highWaterMark: 1,
    write: (_chunk, _encoding, taken) => void setImmediate(taken),
  });
  const result: IteratorResult<ExecutionResult> = { done: false, value: { data: {} } };
  const inner: AsyncIterableIterator<ExecutionResult> = {
    next: () => Promise.resolve(result),
    [Symbol.asyncIterator]: () => inner,
  };
  const events = new PacedEvents(
    inner,
    response as unknown as ServerResponse,
    new AbortController().signal,
  );
  for (let event = 0; event < 20; event += 1) {
    response.write('an event');
    expect(response.writableNeedDrain).toBe(true);
    await events.next();
  }
  expect(response.writableNeedDrain).toBe(false);
  for (const name of ['close', 'drain', 'error'])
    expect(response.listenerCount(name), name).toBeLessThan(2);
});
