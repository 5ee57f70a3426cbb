/** Follows config.yaml: each save that is right replaces the whole configuration, any other keeps the last good one. */
import { realpath } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import { changes, following, restartNeeded } from './changes.ts';
import type { Config } from './config.ts';
import { deepFreeze } from './freeze.ts';
import { type LoadOptions, parseConfig, readConfigText, versionOf } from './load.ts';
import { Looks } from './looks.ts';
import { ConfigError, type ConfigProblem } from './problem.ts';
import { startupProblems } from './startup.ts';
import type { ConfigReport } from './status.ts';

export interface WatchOptions extends LoadOptions {
  /** The configuration that the process started with. */
  readonly initial: Config;
  readonly onConfig: (config: Config) => void;
  /** The file is right; told before `onConfig`, and also when it says nothing new. */
  readonly onReport?: (report: ConfigReport) => void;
  /** The file can't be used; the last good configuration stays. */
  readonly onProblem: (problems: readonly ConfigProblem[], version: string) => void;
}

export interface ConfigWatch {
  close(): Promise<void>;
}

/** Resolves when every later save will be seen. */
export async function watchConfig(options: WatchOptions): Promise<ConfigWatch> {
  const follower = new ConfigFollower(options);
  await follower.start();
  return follower;
}

class ConfigFollower implements ConfigWatch {
  readonly #options: WatchOptions;
  readonly #watcher: FSWatcher;
  readonly #looks: Looks;
  #current: Config;
  /** Digest of the text that was last used or refused. */
  #knownDigest: string | null = null;
  #seenDigest: string | null = null;
  #realFolder: string;
  /** What the file is called, and what the file is called that it links to. */
  readonly #names = new Set<string>();
  #saidBefore: readonly string[] = [];

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#current = options.initial;
    this.#realFolder = dirname(options.file);
    this.#names.add(basename(options.file));
    // The folder is watched, not the file: editors and Kubernetes replace the file by renaming another over it.
    this.#watcher = watch(this.#realFolder, {
      depth: 0,
      followSymlinks: false,
      ignoreInitial: true,
      // A log that grows beside the file must not cost a look for each of its lines.
      ignored: (path, stats) => stats?.isFile() === true && !this.#names.has(basename(path)),
    });
    this.#looks = new Looks(this.#watcher, () => this.#lookNow(), options.log, 'config.yaml');
  }

  async start(): Promise<void> {
    await new Promise<void>((ready) => this.#watcher.once('ready', ready));
    // A save between the first load and now would go unseen.
    this.#looks.soon();
  }

  async close(): Promise<void> {
    await this.#looks[Symbol.asyncDispose]();
  }

  async #lookNow(): Promise<void> {
    const { file } = this.#options;
    await this.#watchRealFolder(file);
    const text = await readConfigText(file).catch((error: unknown) => error);
    const digest = versionOf(String(text));
    if (this.#watcher.closed || digest === this.#knownDigest) return;
    if (digest !== this.#seenDigest) {
      // It counts as written when two looks in a row find the same text.
      this.#seenDigest = digest;
      this.#looks.soon();
      return;
    }
    const isFirst = this.#knownDigest === null;
    this.#knownDigest = digest;
    await this.#use(text, isFirst);
  }

  /** When the file is a link, it can also be written where the link leads. */
  async #watchRealFolder(file: string): Promise<void> {
    const real = await realpath(file).catch(() => file);
    this.#names.add(basename(real));
    const folder = dirname(real);
    if (folder === this.#realFolder) return;
    if (this.#realFolder !== dirname(file)) this.#watcher.unwatch(this.#realFolder);
    if (folder !== dirname(file)) this.#watcher.add(folder);
    this.#realFolder = folder;
  }

  async #use(text: unknown, isFirst: boolean): Promise<void> {
    const { log, onConfig, onProblem } = this.#options;
    try {
      if (typeof text !== 'string') throw text;
      const generation = this.#current.generation + 1;
      const { config: written, warnings } = await parseConfig(text, {
        ...this.#options,
        generation,
      });
      mustStart(written, this.#options.file);
      const config = deepFreeze(following(this.#current, written));
      const changed = changes(this.#current, config);
      const waiting = restartNeeded(this.#current, written);
      this.#options.onReport?.({ version: versionOf(text), warnings, restartNeeded: waiting });
      if (isFirst && changed.length + waiting.length === 0) {
        this.#saidBefore = warnings;
        return;
      }
      log.info({ generation, changed }, 'config.yaml reloaded');
      this.#warn(waiting, warnings);
      this.#current = config;
      onConfig(config);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      log.warn(`config.yaml can't be used, the last good one stays:\n${error.message}`);
      onProblem(error.problems, versionOf(String(text)));
    }
  }

  /** What was said of the last text is not said again. */
  #warn(waiting: readonly string[], warnings: readonly string[]): void {
    const said = [
      ...waiting.map((name) => `${name} changed: takes effect after a restart`),
      ...warnings,
    ];
    for (const line of said) if (!this.#saidBefore.includes(line)) this.#options.log.warn(line);
    this.#saidBefore = said;
  }
}

function mustStart(config: Config, source: string): void {
  const problems = startupProblems(config);
  if (problems.length === 0) return;
  const place = { source, line: null, column: null, path: '' };
  throw new ConfigError(problems.map((message) => ({ ...place, message })));
}
