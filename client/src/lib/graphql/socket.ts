// The one WebSocket of the page, and server-sent events where a proxy lets no WebSocket through. Neither reconnects by
// itself: who subscribes must resume from the position that they have reached, so lib/live begins anew with fresh
// variables.
import { createClient } from 'graphql-ws';
import type { SocketEvent, Subscribe } from './event-stream.ts';
import { tellSignedOut } from './signed-out.ts';

/** What graphql-transport-ws closes with for a visitor who is not, or no longer, signed in. */
const REFUSED: ReadonlySet<number> = new Set([4401, 4403]);
const PING_MS = 15_000;
const PONG_MS = 5_000;

/** So many sockets in a row did not open although the server answers otherwise: something between refuses them. */
const BLOCKED_AFTER = 3;

const listeners = new Set<(event: SocketEvent) => void>();

/** Tells of every opening and loss of the socket, and when events take its place. Gives the way to stop listening. */
export function onSocket(listener: (event: SocketEvent) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const tell = (event: SocketEvent) => {
  for (const listener of listeners) listener(event);
};

let pongDue: ReturnType<typeof setTimeout> | undefined;

let failures = 0;
let viaEvents: Subscribe | undefined;

/** Changes to server-sent events when it is not the server that is away. */
async function suspectBlocking() {
  failures += 1;
  if (failures < BLOCKED_AFTER || viaEvents) return;
  failures = 0;
  const answer = await fetch('/healthz', { cache: 'no-store' }).catch(() => undefined);
  if (!answer?.ok) return;
  const { eventStream } = await import('./event-stream.ts');
  viaEvents ??= eventStream(tell);
  tell('blocked');
}

let operations = 0;

const socket = createClient({
  // Each event of an answer repeats it, so it is short.
  generateID: () => String(++operations),
  url: () => `${location.origin.replace(/^http/, 'ws')}/graphql`,
  retryAttempts: 0,
  keepAlive: PING_MS,
  on: {
    connected: () => {
      failures = 0;
      tell('connected');
    },
    closed: (event) => {
      clearTimeout(pongDue);
      if (event instanceof CloseEvent && REFUSED.has(event.code)) tellSignedOut();
      else void suspectBlocking();
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

/** Subscribes by the way that is open now. */
export const subscribe: Subscribe = (payload, sink) =>
  (viaEvents ?? socket.subscribe)(payload, sink);
