// A browser's tab: a socket that follows what changes, and is closed when the test ends.
import { onTestFinished } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { RawSocket } from '../graphql/raw-socket.ts';

/** A socket that is following what changes. */
export async function tab(person: Person): Promise<RawSocket> {
  const headers = person.headers;
  const socket = await RawSocket.open(person.url, headers.cookie ? { headers } : {});
  socket.says({ type: 'connection_init', payload: headers.cookie ? {} : headers });
  await socket.hears('connection_ack');
  onTestFinished(() => socket.close());
  socket.subscribes('1', 'subscription { viewerEvents { __typename } }');
  return socket;
}

export async function answers(socket: RawSocket): Promise<boolean> {
  socket.subscribes('2', '{ viewer { id } }');
  const { payload } = await socket.hears('next', '2');
  return (payload as { errors?: unknown }).errors === undefined;
}

/** Milliseconds that something took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}
