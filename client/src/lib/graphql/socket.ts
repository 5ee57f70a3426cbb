// The one WebSocket of the page. It does not reconnect by itself: who subscribes must resume from the position that
// they have reached, so lib/live begins anew with fresh variables.
import { createClient } from 'graphql-ws';
import { tellSignedOut } from './signed-out.ts';

/** What graphql-transport-ws closes with for a visitor who is not, or no longer, signed in. */
const REFUSED: ReadonlySet<number> = new Set([4401, 4403]);
const PING_MS = 15_000;
const PONG_MS = 5_000;

export type SocketEvent = 'connected' | 'closed';
const listeners = new Set<(event: SocketEvent) => void>();

/** Tells of every opening and loss of the socket. Gives the way to stop listening. */
export function onSocket(listener: (event: SocketEvent) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const tell = (event: SocketEvent) => {
  for (const listener of listeners) listener(event);
};

let pongDue: ReturnType<typeof setTimeout> | undefined;

export const socket = createClient({
  url: () => `${location.origin.replace(/^http/, 'ws')}/graphql`,
  retryAttempts: 0,
  keepAlive: PING_MS,
  on: {
    connected: () => tell('connected'),
    closed: (event) => {
      clearTimeout(pongDue);
      if (event instanceof CloseEvent && REFUSED.has(event.code)) tellSignedOut();
      tell('closed');
    },
    ping: (isReceived) => {
      if (!isReceived) pongDue = setTimeout(() => socket.terminate(), PONG_MS);
    },
    pong: (isReceived) => {
      if (isReceived) clearTimeout(pongDue);
    },
  },
});
