/** Ends what is under way on somebody's behalf as soon as they may not have it done any more. */
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import type { Sql } from '../db/orm.ts';
import { Bag } from '../kernel/bag.ts';
import { Failure } from '../kernel/failure.ts';
import type { Bus } from '../live/bus.ts';
import type { Fact } from '../live/facts.ts';
import { type Standing, type State, statesOf } from './standing.ts';

declare module '../context.ts' {
  interface Parts {
    readonly revocations: Revocations;
  }
}

interface Watch {
  readonly standing: Standing;
  readonly end: (reason: Failure) => void;
  /** Looks again when the key or the session ends by itself. */
  expiry: NodeJS.Timeout | undefined;
  /** Null once it is over. */
  leave: (() => void) | null;
}

/** Bounds how long a change goes unseen whose fact was lost on its way: nothing runs on for 5 s that may not. */
const LOOK_EVERY_MS = 4_000;

export class Revocations {
  readonly #sql: Sql;
  readonly #log: Logger;
  readonly #config: () => Config;
  readonly #watches = new Bag<Watch>();
  /** Accounts of which something was heard lately: who began before it may have been let in on what was true then. */
  readonly #heard = new Set<string>();
  /** To be looked at by the next look: one after the other, so that the last sees what the last fact told. */
  readonly #due = new Set<Watch>();
  readonly #unlisten: () => void;
  readonly #interval: NodeJS.Timeout;
  #seenConfig: Config | null = null;
  #isLooking = false;
  #looking: Promise<void> = Promise.resolve();

  /** @param config gives the one in force */
  constructor(connection: Sql, live: Bus, log: Logger, config: () => Config) {
    this.#sql = connection;
    this.#log = log;
    this.#config = config;
    this.#unlisten = live.listen((fact) => this.#heardOf(fact));
    this.#interval = setInterval(() => {
      this.#heard.clear();
      this.#lookAt(this.#of(null));
    }, LOOK_EVERY_MS).unref();
  }

  /** Calls `end`, once, when the standing is lost. Gives what ends the watch. */
  watch(standing: Standing, end: (reason: Failure) => void): () => void {
    const watch: Watch = { standing, end, expiry: undefined, leave: null };
    watch.leave = this.#watches.add(watch);
    if (this.#mayBeLost(standing)) this.#lookAt([watch]);
    return () => this.#forget(watch);
  }

  async close(): Promise<void> {
    clearInterval(this.#interval);
    this.#unlisten();
    for (const watch of this.#of(null)) this.#forget(watch);
    await this.#looking;
  }

  #heardOf(fact: Fact): void {
    if (fact.kind === 'accessChanged' || fact.kind === 'keysChanged') {
      if (fact.account !== null) this.#heard.add(fact.account);
      this.#lookAt(this.#of(fact.account));
    }
    // Models change for other reasons as well: one more server of theirs is healthy.
    if (fact.kind !== 'modelsChanged' || this.#seenConfig === this.#config()) return;
    this.#seenConfig = this.#config();
    this.#lookAt(this.#of(null));
  }

  /** Whether something may have changed since the actor was let in, or will before the next look at all. */
  #mayBeLost({ actor: { accountId, keyTerms, session }, config }: Standing): boolean {
    const keyEndsAt = keyTerms?.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY;
    return (
      this.#heard.has(accountId) ||
      config !== this.#config() ||
      session !== null ||
      keyEndsAt < Date.now() + LOOK_EVERY_MS
    );
  }

  #lookAt(watches: readonly Watch[]): void {
    for (const watch of watches) this.#due.add(watch);
    if (!this.#isLooking) this.#looking = this.#lookWhileDue();
  }

  async #lookWhileDue(): Promise<void> {
    this.#isLooking = true;
    while (this.#due.size > 0) {
      const due = [...this.#due];
      this.#due.clear();
      await this.#look(due).catch((error) =>
        this.#log.warn({ err: error }, 'revoked access could not be looked for'),
      );
    }
    this.#isLooking = false;
  }

  #of(account: string | null): readonly Watch[] {
    const watches = this.#watches.items();
    if (account === null) return watches;
    return watches.filter(({ standing }) => standing.actor.accountId === account);
  }

  async #look(watches: readonly Watch[]): Promise<void> {
    const config = this.#config();
    const standings = watches.map(({ standing }) => standing);
    for (const [at, state] of (await statesOf(this.#sql, standings, config)).entries()) {
      const watch = watches[at];
      if (watch) this.#judge(watch, state, config);
    }
  }

  #judge(watch: Watch, state: State, config: Config): void {
    const refusal = refusalOf(watch.standing, state, config);
    if (!watch.leave) return;
    clearTimeout(watch.expiry);
    if (refusal) {
      this.#forget(watch);
      watch.end(refusal);
    } else if (state.endsInMs !== null && state.endsInMs <= LOOK_EVERY_MS) {
      // A session that is used meanwhile has got a later end when this look comes.
      watch.expiry = setTimeout(() => this.#lookAt([watch]), state.endsInMs).unref();
    }
  }

  #forget(watch: Watch): void {
    clearTimeout(watch.expiry);
    this.#due.delete(watch);
    watch.leave?.();
    watch.leave = null;
  }
}

function refusalOf(
  { condition }: Standing,
  { isLost, subject }: State,
  config: Config,
): Failure | null {
  if (isLost) return revoked();
  try {
    if (subject) condition?.({ config, actor: subject });
    return null;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

const revoked = (): Failure =>
  new Failure('FORBIDDEN', 'Your access has ended. Sign in again, or ask an administrator.', {
    reason: 'access_revoked',
  });
