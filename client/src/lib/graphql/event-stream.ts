// Subscriptions as server-sent events, for networks that let no WebSocket through. Loaded when it turns out to be one.
import { createClient, NetworkError } from 'graphql-sse';
import { tellSignedOut } from './signed-out.ts';

interface Sink {
  next(result: unknown): void;
  error(error: unknown): void;
  complete(): void;
}

export type SocketEvent = 'connected' | 'closed' | 'blocked';
/** Begins a subscription, whatever carries it; gives the way to end it. */
export type Subscribe = (
  payload: { query: string; variables: Record<string, unknown> },
  sink: Sink,
) => () => void;

/** Like the socket it does not reconnect by itself: who subscribes resumes from where they have got to. */
export function eventStream(tell: (event: SocketEvent) => void): Subscribe {
  const client = createClient({ url: '/graphql/stream', retryAttempts: 0 });
  return (payload, sink) =>
    client.subscribe(
      payload,
      {
        next: (result) => sink.next(result),
        error: (error) => {
          if (error instanceof NetworkError && error.response?.status === 401) tellSignedOut();
          tell('closed');
          sink.error(error);
        },
        complete: () => sink.complete(),
      },
      { connected: () => tell('connected') },
    );
}
