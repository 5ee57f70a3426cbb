import { EventEmitter, once } from 'node:events';
import type { Config } from './config.ts';
import type { ConfigProblem } from './problem.ts';

/** What is to be known of a text that is right. */
export interface ConfigReport {
  /** What tells the text from others. */
  readonly version: string;
  readonly warnings: readonly string[];
  /** Names of settings that were changed and take effect at the next start only. */
  readonly restartNeeded: readonly string[];
}

/** How the configuration of this process stands to its file. */
export class ConfigStatus {
  /** Null for an evaluation, which has no file. */
  readonly file: string | null;
  /** Counts the configurations that were in force since the start, from 1. */
  generation: number;
  /** Since when the one in force is. */
  loadedAt = new Date();
  /** Why the file can't be used as it is now; empty when it is in force. */
  problems: readonly ConfigProblem[] = [];
  /** What its author should know of the file that is in force. */
  warnings: readonly string[] = [];
  restartNeeded: readonly string[] = [];
  /** Of the text that was looked at last; null until one was. */
  #version: string | null = null;
  readonly #looks = new EventEmitter();

  constructor(file: string | null, { generation }: Pick<Config, 'generation'>) {
    this.file = file;
    this.generation = generation;
  }

  loaded({ generation }: Pick<Config, 'generation'>): void {
    this.generation = generation;
    this.loadedAt = new Date();
  }

  reported({ version, warnings, restartNeeded }: ConfigReport): void {
    this.problems = [];
    this.warnings = warnings;
    this.restartNeeded = restartNeeded;
    this.#looked(version);
  }

  refused(problems: readonly ConfigProblem[], version: string): void {
    this.problems = problems;
    this.#looked(version);
  }

  /** Waits until this text is in force or known to be wrong; false when neither was so in time. */
  async knows(version: string, timeoutMs: number): Promise<boolean> {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      while (this.#version !== version) await once(this.#looks, 'look', { signal });
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      throw error;
    }
  }

  #looked(version: string): void {
    this.#version = version;
    this.#looks.emit('look');
  }
}
