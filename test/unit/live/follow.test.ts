import { expect, test } from 'vitest';
import type { Fact } from '../../../server/live/facts.ts';
import { follow } from '../../../server/live/follow.ts';
import { MemoryBus } from '../../../server/live/memory-bus.ts';
import { stoppable } from '../../../server/live/stoppable.ts';

const pool = (account: string): Fact => ({ kind: 'poolChanged', account });

test('facts are told in order, those that concern one only', async () => {
  const bus = new MemoryBus();
  const leaving = new AbortController();
  const facts = follow(bus, (fact) => 'account' in fact && fact.account !== 'eve', leaving.signal);
  const first = facts.next();
  bus.publish(pool('a'), pool('eve'), pool('b'));
  expect((await first).value).toEqual(pool('a'));
  expect((await facts.next()).value).toEqual(pool('b'));
  const waiting = facts.next();
  leaving.abort();
  expect(await waiting).toEqual({ done: true, value: undefined });
});

test('a fact that waits already is told once', async () => {
  const bus = new MemoryBus();
  const facts = follow(bus, () => true, new AbortController().signal);
  const first = facts.next();
  bus.publish(pool('a'));
  await first;
  bus.publish(pool('b'), pool('b'), pool('c'), pool('b'));
  expect((await facts.next()).value).toEqual(pool('b'));
  expect((await facts.next()).value).toEqual(pool('c'));
  const next = facts.next();
  bus.publish(pool('b'));
  expect((await next).value).toEqual(pool('b'));
});

test('a reader that falls far behind is cut off', async () => {
  const bus = new MemoryBus();
  const facts = follow(bus, () => true, new AbortController().signal);
  const first = facts.next();
  bus.publish(pool('first'));
  await first;
  for (let at = 0; at < 5_000; at += 1) bus.publish(pool(String(at)));
  const read = async () => {
    for await (const _ of facts);
  };
  await expect(read()).rejects.toThrow('fell behind');
});

test('who leaves a follower no longer listens', async () => {
  const bus = new MemoryBus();
  const events = stoppable((signal) => follow(bus, () => true, signal));
  const waiting = events.next();
  await events.return?.();
  expect(await waiting).toEqual({ done: true, value: undefined });
  bus.publish(pool('nobody'));
  expect(await events.next()).toEqual({ done: true, value: undefined });
});

test('the reader of a quiet stream leaves at once, and its clean-up is done', async () => {
  let isClean = false;
  const quiet = stoppable<number>(async function* (signal) {
    try {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      yield* [];
    } finally {
      isClean = true;
    }
  });
  const waiting = quiet.next();
  await quiet.return?.();
  await waiting;
  expect(isClean).toBe(true);
});

test('a text is watched while it is written, and ends with its bus', async () => {
  const bus = new MemoryBus();
  expect(await bus.watchText('m')).toBeNull();
  const writer = bus.openText('m');
  writer.append('Hi', '');
  const watched = await bus.watchText('m');
  expect(watched?.text.content.text).toBe('Hi');
  writer.end();
  expect(watched?.text.isEnded).toBe(true);
  expect(await bus.watchText('m')).toBeNull();
  const other = bus.openText('n');
  await bus.close();
  expect(other.text.isEnded).toBe(true);
});
