import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { WaitingSockets } from '../../../server/graphql/waiting-sockets.ts';

class Socket extends EventEmitter {
  isEnded = false;
  terminate(): void {
    this.isEnded = true;
  }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** @param addressOf gives the address that the socket of that number comes from */
function arrive(waiting: WaitingSockets, count: number, addressOf = (_: number) => 'one') {
  return Array.from({ length: count }, (_, number) => {
    const socket = new Socket();
    waiting.add(socket as unknown as WebSocket, addressOf(number));
    return socket;
  });
}

const endedOf = (sockets: readonly Socket[]) => sockets.filter(({ isEnded }) => isEnded).length;

test('a thousand that come together from one address are let in, and make room a second later', () => {
  const waiting = new WaitingSockets();
  const together = arrive(waiting, 1_000);
  expect(endedOf(together)).toBe(0);
  vi.advanceTimersByTime(1_000);
  const later = arrive(waiting, 10);
  expect(together.map(({ isEnded }) => isEnded).lastIndexOf(true)).toBe(9);
  expect(endedOf(later)).toBe(0);
});

test('from however many addresses they come, two thousand wait at most', () => {
  const waiting = new WaitingSockets();
  const sockets = arrive(waiting, 2_005, (number) => `address ${number}`);
  expect(endedOf(sockets)).toBe(5);
  expect(endedOf(sockets.slice(0, 5))).toBe(5);
});

test('who has begun, or left, takes no place', () => {
  const waiting = new WaitingSockets();
  const [first, second, ...others] = arrive(waiting, 102);
  waiting.remove(first as unknown as WebSocket);
  second?.emit('close');
  vi.advanceTimersByTime(1_000);
  arrive(waiting, 1);
  expect(endedOf([...others, ...(first ? [first] : [])])).toBe(1);
  expect(others[0]?.isEnded).toBe(true);
});
