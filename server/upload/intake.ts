import { fail } from '../kernel/failure.ts';

declare module '../context.ts' {
  interface Parts {
    readonly intake: Intake;
  }
}

const AT_A_TIME = 24;
const AT_A_TIME_EACH = 4;
/** From so many on each account has one at a time: a few accounts never take all places. */
const CROWDED_AT = 12;
const RETRY_SECONDS = 2;

/** How many files arrive in this process at the moment: each is in memory until it is stored. */
export class Intake {
  readonly #arriving = new Map<string, number>();
  #count = 0;

  /** Gives what is to be called when the file is stored or refused. @throws Failure RATE_LIMITED */
  enter(accountId: string): () => void {
    const own = this.#arriving.get(accountId) ?? 0;
    if (own >= AT_A_TIME_EACH)
      refuse(`Upload up to ${AT_A_TIME_EACH} files at a time, and the others after them.`);
    if (this.#count >= (own > 0 ? CROWDED_AT : AT_A_TIME))
      refuse('Many files arrive at the moment. Try again soon.');
    this.#count += 1;
    this.#arriving.set(accountId, own + 1);
    return () => this.#leave(accountId);
  }

  #leave(accountId: string): void {
    const left = (this.#arriving.get(accountId) ?? 1) - 1;
    this.#count -= 1;
    if (left > 0) this.#arriving.set(accountId, left);
    else this.#arriving.delete(accountId);
  }
}

const refuse = (message: string): never =>
  fail('RATE_LIMITED', message, { retryAfterSeconds: RETRY_SECONDS });
