/** The queries and mutations that clients of sockets wait for. A subscription has no end of its own, and is none. */
import { setTimeout as delay } from 'node:timers/promises';
import { type ExecutionArgs, type ExecutionResult, execute, GraphQLError } from 'graphql';
import { Bag } from '../kernel/bag.ts';
import { Failure } from '../kernel/failure.ts';

const RESTARTING = new GraphQLError('refused', {
  originalError: new Failure(
    'MODEL_UNAVAILABLE',
    'The server is being restarted. Please try again in a moment.',
  ),
});

export class AwaitedOperations {
  readonly #running = new Bag<Promise<ExecutionResult>>();
  #isDraining = false;

  async execute(args: ExecutionArgs): Promise<ExecutionResult> {
    if (this.#isDraining) return { data: null, errors: [RESTARTING] };
    const result = Promise.resolve(execute(args));
    const ended = this.#running.add(result);
    try {
      return await result;
    } finally {
      ended();
    }
  }

  /** Begins nothing new, and gives what runs so long to be answered. */
  async drain(patienceMs: number): Promise<void> {
    this.#isDraining = true;
    const allDone = Promise.allSettled(this.#running.items());
    await Promise.race([allDone, delay(patienceMs, undefined, { ref: false })]);
    // An answer is sent right after its operation is done.
    await new Promise(setImmediate);
  }
}
