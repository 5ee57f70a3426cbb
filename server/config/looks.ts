import type { FSWatcher } from 'chokidar';
import type { Logger } from 'pino';

/** A file that is being written is looked at when it has settled. */
const SETTLING_MS = 100;
/** Looks without a cause, for file systems that tell nothing of changes, such as NFS. */
const LOOK_EVERY_MS = 5000;

/** Looks at files one look after the other: soon after a watcher tells of a change, and every few seconds anyway. */
export class Looks implements AsyncDisposable {
  readonly #watcher: FSWatcher;
  readonly #look: () => Promise<void>;
  readonly #log: Pick<Logger, 'warn'>;
  readonly #what: string;
  readonly #interval: NodeJS.Timeout;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> = Promise.resolve();

  /** @param what is looked at, as the log calls it */
  constructor(
    watcher: FSWatcher,
    look: () => Promise<void>,
    log: Pick<Logger, 'warn'>,
    what: string,
  ) {
    this.#watcher = watcher;
    this.#look = look;
    this.#log = log;
    this.#what = what;
    watcher.on('all', () => this.soon());
    watcher.on('error', (error) => log.warn({ err: error }, `${what}: changes go unseen`));
    this.#interval = setInterval(() => this.soon(), LOOK_EVERY_MS).unref();
  }

  soon(): void {
    if (this.#watcher.closed || this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#looking = this.#looking
        .then(this.#look)
        .catch((error: unknown) =>
          this.#log.warn({ err: error }, `${this.#what} could not be followed`),
        );
    }, SETTLING_MS);
  }

  /** Closes the watcher as well; resolves when the look that runs is over. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#interval);
    if (this.#timer) clearTimeout(this.#timer);
    await this.#watcher.close();
    await this.#looking;
  }
}
