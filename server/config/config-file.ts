// The file that an administrator edits in the browser: read with its secrets masked, checked, and replaced.
import { changes, following, restartNeeded } from './changes.ts';
import type { Config } from './config.ts';
import type { Env } from './interpolate.ts';
import { parseConfig, readConfigText, versionOf } from './load.ts';
import { maskedText, restoredText } from './masked-text.ts';
import type { Place } from './place.ts';
import { ConfigError, type ConfigProblem } from './problem.ts';
import { type Backup, backupFile, backupsOf, replaceFile, whyReadOnly } from './replace-file.ts';
import { startupProblems } from './startup.ts';
import { readYaml } from './yaml-file.ts';

/** What a text would do if it were the file. */
export interface ConfigTrial {
  /** Null when there are problems. */
  readonly config: Config | null;
  readonly problems: readonly ConfigProblem[];
  readonly warnings: readonly string[];
  readonly effects: readonly ConfigEffect[];
}

export interface ConfigEffect {
  /** Such as `app.name changed`; never a value. */
  readonly change: string;
  readonly kind: 'HOT' | 'RESTART';
}

export class ConfigFile {
  /** Absolute. */
  readonly path: string;
  readonly #env: Env;
  readonly #dataDir: string;

  /** Null for an evaluation. */
  static at({ configFile, dataDir }: Place, env: Env): ConfigFile | null {
    return configFile === null ? null : new ConfigFile(configFile, env, dataDir);
  }

  constructor(path: string, env: Env, dataDir: string) {
    this.path = path;
    this.#env = env;
    this.#dataDir = dataDir;
  }

  /** @throws ConfigError when there is no such file, or it is too large, or not text */
  async read(): Promise<{ readonly text: string; readonly version: string }> {
    const text = await readConfigText(this.path);
    return { text, version: versionOf(text) };
  }

  whyReadOnly(): Promise<string | null> {
    return whyReadOnly(this.path);
  }

  backups(): Promise<Backup[]> {
    return backupsOf(this.path);
  }

  /** @throws Failure NOT_FOUND */
  async backup(id: string): Promise<string> {
    return readConfigText(await backupFile(this.path, id));
  }

  /** @throws ConfigError when the text is not YAML */
  masked(text: string, config: Config): string {
    return maskedText(text, this.path, config.secrets.session);
  }

  /** @throws ConfigError when marks or variables stand where they may not */
  restored(text: string, before: string, config: Config): string {
    return restoredText(
      text,
      this.#isYaml(before) ? before : null,
      this.path,
      config.secrets.session,
    );
  }

  /** @param running what is in force now */
  async try(text: string, running: Config): Promise<ConfigTrial> {
    try {
      const { config: written, warnings } = await parseConfig(text, {
        file: this.path,
        env: this.#env,
        dataDir: this.#dataDir,
        generation: running.generation,
      });
      const problems = startupProblems(written).map((message) => this.#problem(message));
      return { config: written, problems, warnings, effects: effects(running, written) };
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return { config: null, problems: error.problems, warnings: [], effects: [] };
    }
  }

  /**
   * @param isStill throws when the file must not be replaced after all
   * @returns the id of the backup
   * @throws Failure FORBIDDEN `config_read_only`
   */
  replace(text: string, isStill: () => Promise<void>): Promise<string> {
    return replaceFile(this.path, text, isStill);
  }

  #isYaml(text: string): boolean {
    try {
      readYaml(text, this.path);
      return true;
    } catch (error) {
      if (error instanceof ConfigError) return false;
      throw error;
    }
  }

  #problem(message: string): ConfigProblem {
    return { source: this.path, line: null, column: null, path: '', message };
  }
}

function effects(running: Config, written: Config): ConfigEffect[] {
  const ofTheFile = { ...running, groups: locked(running) };
  return [
    ...changes(ofTheFile, following(running, written)).map((change) => ({
      change,
      kind: 'HOT' as const,
    })),
    ...restartNeeded(running, written).map((name) => ({
      change: `${name} changed`,
      kind: 'RESTART' as const,
    })),
  ];
}

/** Groups that were made by hand are in force, but not in the file. */
const locked = ({ groups }: Config): Config['groups'] =>
  new Map([...groups].filter(([, { isLocked }]) => isLocked));
