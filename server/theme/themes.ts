/** Follows the folders of themes: each one that is right is in force at once, any other keeps the last good one. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type FSWatcher, watch } from 'chokidar';
import type { Logger } from 'pino';
import { Looks } from '../config/looks.ts';
import { ConfigError, problemLine } from '../config/problem.ts';
import { PACKAGE_ROOT } from '../kernel/package-root.ts';
import type { Bus } from '../live/bus.ts';
import type { Theme } from './theme.ts';
import { readTheme } from './theme-file.ts';

declare module '../context.ts' {
  interface Parts {
    readonly themes: Themes;
  }
}

const NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/i;

/** Pages without any theme. */
const PLAIN: Theme = {
  name: 'default',
  institution: '',
  institutionUrl: null,
  logo: null,
  logoAlt: '',
  colors: [],
  footerLinks: [],
};

/** Where themes are: beside config.yaml, and with Lumen itself. Of two with one name the first is in force. */
export const themeFolders = (configFile: string | null): readonly string[] => {
  const own = configFile === null ? [] : [join(dirname(configFile), 'themes')];
  return [...new Set([...own, join(PACKAGE_ROOT, 'themes')])];
};

export class Themes implements AsyncDisposable {
  readonly #folders: readonly string[];
  readonly #live: Bus;
  readonly #log: Logger;
  readonly #watcher: FSWatcher;
  readonly #looks: Looks;
  readonly #watched = new Set<string>();
  #known: ReadonlyMap<string, Theme> = new Map();
  #wanted = PLAIN.name;
  #current = PLAIN.name;
  #warnings: readonly string[] = [];

  private constructor(folders: readonly string[], live: Bus, log: Logger) {
    this.#folders = folders;
    this.#live = live;
    this.#log = log;
    this.#watcher = watch([], { depth: 2, ignoreInitial: true });
    // Its looks without a cause also find a folder that comes to be.
    this.#looks = new Looks(this.#watcher, () => this.#look(), log, 'themes');
  }

  /** Resolves when the themes that are there are in force. */
  static async open(folders: readonly string[], live: Bus, log: Logger): Promise<Themes> {
    const themes = new Themes(folders, live, log);
    await themes.#look();
    return themes;
  }

  named(name: string): Theme | undefined {
    return this.#known.get(name) ?? (name === PLAIN.name ? PLAIN : undefined);
  }

  /** The site's: that of `app.theme`, or, as long as there is none of this name, the one that was in force before. */
  get current(): Theme {
    return this.named(this.#current) ?? PLAIN;
  }

  /** @param wanted `app.theme` of the configuration that is now in force */
  follow(wanted: string): void {
    this.#wanted = wanted;
    if (this.named(wanted)) this.#current = wanted;
  }

  /** Why themes are not in force as they are written, and what is hard to read in those that are. */
  get warnings(): readonly string[] {
    return this.#warnings;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#looks[Symbol.asyncDispose]();
  }

  async #look(): Promise<void> {
    const known = new Map<string, Theme>();
    const warnings: string[] = [];
    for (const [name, folder] of await this.#found()) {
      const theme = await this.#read(folder, name, warnings);
      if (theme) known.set(name, theme);
    }
    const current = this.#known.get(this.#current);
    if (current && !known.has(this.#current)) {
      known.set(current.name, current);
      warnings.push(
        `The folder of the theme ${current.name} is gone; it stays in force as it was.`,
      );
    }
    for (const words of warnings) if (!this.#warnings.includes(words)) this.#log.warn(words);
    this.#warnings = warnings;
    if (isDeepStrictEqual(known, this.#known)) return;
    this.#known = known;
    this.follow(this.#wanted);
    this.#live.publishHere({ kind: 'siteChanged' });
  }

  async #read(folder: string, name: string, warnings: string[]): Promise<Theme | undefined> {
    try {
      const read = await readTheme(folder, name);
      warnings.push(...read.warnings);
      return read.theme;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      const stays = this.#known.has(name) ? ' (the last good theme stays)' : '';
      warnings.push(...error.problems.map((problem) => `${problemLine(problem)}${stays}`));
      return this.#known.get(name);
    }
  }

  #watch(folder: string): void {
    if (this.#watched.has(folder)) return;
    this.#watched.add(folder);
    this.#watcher.add(folder);
  }

  /** Folder by the name of the theme. */
  async #found(): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    for (const folder of this.#folders) {
      const names = await readdir(folder).catch((): string[] => []);
      if (names.length > 0) this.#watch(folder);
      for (const name of names.filter((name) => NAME.test(name)).sort()) {
        const isTheme = !found.has(name) && existsSync(join(folder, name, 'theme.yaml'));
        if (isTheme) found.set(name, join(folder, name));
      }
    }
    return found;
  }
}
