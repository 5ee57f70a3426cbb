import type { Logger } from 'pino';
import type { Config } from './config/config.ts';
import type { Context, Parts } from './context.ts';
import { newId } from './kernel/id.ts';
import type { Bus } from './live/bus.ts';
import { authenticate, type Credentials } from './sign-in/credentials.ts';
import type { Store } from './store.ts';

/** Makes contexts. Each keeps the configuration that was in force when it was made. */
export class Contexts {
  readonly #store: Store;
  readonly #live: Bus;
  readonly #log: Logger;
  readonly #parts: Parts;
  /** Replaced as a whole when the file changes. */
  config: Config;

  constructor(config: Config, store: Store, live: Bus, log: Logger, parts: Parts) {
    this.config = config;
    this.#store = store;
    this.#live = live;
    this.#log = log;
    this.#parts = parts;
  }

  /** A context in which nobody is signed in. The ORM's unit of work is made when it is first needed. */
  context(log = this.#log): Context {
    const { orm, sql } = this.#store;
    let em: Context['em'] | undefined;
    return {
      get em() {
        em ??= orm.em.fork();
        return em;
      },
      sql,
      config: this.config,
      actor: null,
      live: this.#live,
      log,
      parts: this.#parts,
    };
  }

  /** @throws Failure UNAUTHENTICATED, FORBIDDEN when the credentials open nothing */
  async contextFor(
    credentials: Credentials,
    requestId = newId(),
  ): Promise<Context & { readonly requestId: string }> {
    const ctx = this.context(this.#log.child({ request: requestId }));
    const actor = await authenticate(ctx, credentials);
    const known = { actor: { value: actor, enumerable: true }, requestId: { value: requestId } };
    return Object.defineProperties(ctx, known) as Context & { requestId: string };
  }
}
