import type { Logger } from 'pino';
import type { Config } from './config/config.ts';
import { deepFreeze } from './config/freeze.ts';
import type { Actor, Context, Parts } from './context.ts';
import { newId } from './kernel/id.ts';
import type { Bus } from './live/bus.ts';
import { clientAddress } from './rate/client-address.ts';
import { authenticate, type Credentials } from './sign-in/credentials.ts';
import type { Store } from './store.ts';

type Groups = Config['groups'];

/** Makes contexts. Each keeps the configuration that was in force when it was made. */
export class Contexts {
  readonly #lasting: Lasting;
  /** What the file says; replaced as a whole when it changes. */
  file: Config;
  #merged: { readonly from: Config; readonly manual: Groups; readonly config: Config } | null =
    null;

  constructor(config: Config, store: Store, live: Bus, log: Logger, parts: Parts) {
    this.file = config;
    this.#lasting = { store, live, log, parts };
  }

  /** What the file says, with the groups that were made by hand. Of two groups with one name the file's is in force. */
  get config(): Config {
    const { groups: manual } = this.#lasting.parts.manualGroups;
    if (this.#merged?.from !== this.file || this.#merged.manual !== manual) {
      const groups = new Map([...manual, ...this.file.groups]);
      const config = deepFreeze({ ...this.file, groups });
      this.#merged = { from: this.file, manual, config };
    }
    return this.#merged.config;
  }

  /** A context in which nobody is signed in. */
  context(): Context {
    return new UnitOfWork(this.#lasting, this.config, null, async () => this.context());
  }

  /** @throws Failure UNAUTHENTICATED, RATE_LIMITED, FORBIDDEN when the credentials open nothing */
  async contextFor(credentials: Credentials, requestId = newId()): Promise<AskersContext> {
    const { config } = this;
    const { sql } = this.#lasting.store;
    const address = clientAddress(credentials, config.app.trustedProxies);
    const ctx = { sql, config, parts: this.#lasting.parts };
    const actor = await authenticate(ctx, credentials, address);
    const renewed = () => this.contextFor(credentials, requestId);
    return new UnitOfWork(this.#lasting, config, { actor, requestId, address }, renewed);
  }
}

/** What outlives all contexts. */
interface Lasting {
  readonly store: Store;
  readonly live: Bus;
  readonly log: Logger;
  readonly parts: Parts;
}

/** Whoever asks, and where from. */
interface Asker {
  readonly actor: Actor | null;
  readonly requestId: string;
  readonly address: string;
}

type AskersContext = Context & Pick<Asker, 'requestId' | 'address'>;

/**
 * One is made for each request, so making it costs next to nothing: the ORM's part and the log come when they are first
 * needed. A spread would lose them: what is to differ is put before it (`Object.create`), which `#private` names forbid.
 */
class UnitOfWork implements Context {
  private ownEm: Context['em'] | undefined;
  private ownLog: Logger | undefined;

  constructor(
    private readonly lasting: Lasting,
    readonly config: Config,
    private readonly asker: Asker | null,
    readonly renewed: () => Promise<Context>,
  ) {}

  get em(): Context['em'] {
    this.ownEm ??= this.lasting.store.orm.em.fork();
    return this.ownEm;
  }

  get log(): Logger {
    const { log } = this.lasting;
    this.ownLog ??= this.asker ? log.child({ request: this.requestId }) : log;
    return this.ownLog;
  }

  get sql(): Context['sql'] {
    return this.lasting.store.sql;
  }

  get live(): Bus {
    return this.lasting.live;
  }

  get parts(): Parts {
    return this.lasting.parts;
  }

  get actor(): Actor | null {
    return this.asker?.actor ?? null;
  }

  get requestId(): string {
    return this.asker?.requestId ?? '';
  }

  get address(): string {
    return this.asker?.address ?? '';
  }

  forked(): Context {
    return Object.create(this, { em: { value: this.em.fork() } });
  }
}
