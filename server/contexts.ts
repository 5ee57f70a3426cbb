import type { Logger } from 'pino';
import type { Config } from './config/config.ts';
import { deepFreeze } from './config/freeze.ts';
import type { Context, Parts } from './context.ts';
import { newId } from './kernel/id.ts';
import type { Bus } from './live/bus.ts';
import { clientAddress } from './rate/client-address.ts';
import { authenticate, type Credentials } from './sign-in/credentials.ts';
import type { Store } from './store.ts';

type Groups = Config['groups'];

/** Makes contexts. Each keeps the configuration that was in force when it was made. */
export class Contexts {
  readonly #store: Store;
  readonly #live: Bus;
  readonly #log: Logger;
  readonly #parts: Parts;
  /** What the file says; replaced as a whole when it changes. */
  file: Config;
  #merged: { readonly from: Config; readonly manual: Groups; readonly config: Config } | null =
    null;

  constructor(config: Config, store: Store, live: Bus, log: Logger, parts: Parts) {
    this.file = config;
    this.#store = store;
    this.#live = live;
    this.#log = log;
    this.#parts = parts;
  }

  /** What the file says, with the groups that were made by hand. Of two groups with one name the file's is in force. */
  get config(): Config {
    const { groups: manual } = this.#parts.manualGroups;
    if (this.#merged?.from !== this.file || this.#merged.manual !== manual) {
      const groups = new Map([...manual, ...this.file.groups]);
      const config = deepFreeze({ ...this.file, groups });
      this.#merged = { from: this.file, manual, config };
    }
    return this.#merged.config;
  }

  /** A context in which nobody is signed in. The ORM's unit of work and the log are made when first needed. */
  context(logger = () => this.#log): Context {
    const { orm, sql } = this.#store;
    let em: Context['em'] | undefined;
    let log: Logger | undefined;
    return {
      get em() {
        em ??= orm.em.fork();
        return em;
      },
      sql,
      config: this.config,
      actor: null,
      live: this.#live,
      get log() {
        log ??= logger();
        return log;
      },
      parts: this.#parts,
      renewed: async () => this.context(logger),
    };
  }

  /** @throws Failure UNAUTHENTICATED, RATE_LIMITED, FORBIDDEN when the credentials open nothing */
  async contextFor(
    credentials: Credentials,
    requestId = newId(),
  ): Promise<Context & { readonly requestId: string; readonly address: string }> {
    const ctx = this.context(() => this.#log.child({ request: requestId }));
    const actor = await authenticate(ctx, credentials);
    const address = clientAddress(credentials, ctx.config.app.trustedProxies);
    const renewed = () => this.contextFor(credentials, requestId);
    return Object.assign(ctx, { actor, requestId, address, renewed });
  }
}
