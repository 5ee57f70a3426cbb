import type { AnyVariables, DocumentInput, OperationResult } from '@urql/core';
import { onEnd, pipe, subscribe } from 'wonka';
import { client } from '#lib/graphql/client.ts';
import { type Failure, failureFrom } from '#lib/graphql/failure.ts';
import { backoffMs } from './backoff.ts';

export interface Follower<Data, Variables> {
  /** Read at every beginning, so that a resumption starts where this reader has got to. */
  variables(): Variables;
  /** `again` drops the stream and resumes from `variables()`; `over` ends it. */
  receive(data: Data): 'on' | 'again' | 'over';
  /** The server refuses for good: trying again would not help. */
  refused(failure: Failure): void;
}

const FINAL: ReadonlySet<string> = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'INVALID',
]);

/** Waits for the time, or until the network or the reader returns. Gives the way to give up waiting. */
function wait(ms: number, then: () => void): () => void {
  const moments = new AbortController();
  const end = () => {
    moments.abort();
    clearTimeout(timer);
  };
  const go = () => {
    end();
    then();
  };
  const timer = setTimeout(go, ms);
  addEventListener('online', go, { signal: moments.signal });
  addEventListener('focus', go, { signal: moments.signal });
  return end;
}

class Following<Data, Variables extends AnyVariables> {
  #attempt = 0;
  #leave = () => {};
  readonly #document: DocumentInput<Data, Variables>;
  readonly #follower: Follower<Data, Variables>;

  constructor(document: DocumentInput<Data, Variables>, follower: Follower<Data, Variables>) {
    this.#document = document;
    this.#follower = follower;
    this.#begin();
  }

  stop = () => this.#leave();

  #begin = () => {
    let isCurrent = true;
    const { unsubscribe } = pipe(
      client.subscription(this.#document, this.#follower.variables()),
      onEnd(() => isCurrent && this.#resume()),
      subscribe((result) => isCurrent && this.#take(result)),
    );
    this.#leave = () => {
      isCurrent = false;
      unsubscribe();
    };
  };

  #take(result: OperationResult<Data, Variables>) {
    if (result.error) {
      const failure = failureFrom(result.error);
      if (!FINAL.has(failure.code)) return this.#resume();
      this.stop();
      return this.#follower.refused(failure);
    }
    if (!result.data) return;
    this.#attempt = 0;
    const next = this.#follower.receive(result.data);
    if (next === 'over') this.stop();
    if (next === 'again') this.#resume();
  }

  #resume() {
    this.stop();
    this.#leave = wait(backoffMs(this.#attempt, Math.random()), this.#begin);
    this.#attempt += 1;
  }
}

/** Keeps a subscription alive over lost sockets and restarted servers until it is over. Gives the way to leave it. */
export function follow<Data, Variables extends AnyVariables>(
  document: DocumentInput<Data, Variables>,
  follower: Follower<Data, Variables>,
): () => void {
  return new Following(document, follower).stop;
}
