/** The queries and mutations that clients of sockets wait for. A subscription has no end of its own, and is none. */
import { type ExecutionArgs, type ExecutionResult, execute, GraphQLError } from 'graphql';
import { Bag } from '../kernel/bag.ts';
import { restarting, waitAtMost } from '../kernel/closing.ts';

export class AwaitedOperations {
  readonly #running = new Bag<Promise<ExecutionResult>>();
  #isDraining = false;

  async execute(args: ExecutionArgs): Promise<ExecutionResult> {
    if (this.#isDraining)
      return {
        data: null,
        errors: [new GraphQLError('refused', { originalError: restarting() })],
      };
    const result = Promise.resolve(execute(args));
    return result.finally(this.#running.add(result));
  }

  /** Begins nothing new, and gives what runs so long to be answered. */
  async drain(patienceMs: number): Promise<void> {
    this.#isDraining = true;
    await waitAtMost(patienceMs, Promise.allSettled(this.#running.items()));
    // An answer is sent right after its operation is done.
    await new Promise(setImmediate);
  }
}
