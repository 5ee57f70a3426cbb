// Copies the parsed file, fills in `${NAME}` from the environment, and leaves out what is blank.
import type { Path } from './problem.ts';
import { isMapping } from './yaml-file.ts';

const REFERENCE = /\$\$\{|\$\{([^}]*)\}/g;
const VARIABLE = /^[A-Za-z_]\w*$/;
const VALUES_MAX = 500_000;
const DEPTH_MAX = 32;

export type Env = Readonly<Record<string, string | undefined>>;

/**
 * Gives a copy without shared parts: what two aliases name becomes two values, which are rewritten independently.
 * Settings that are null or empty are left out: they count as not written.
 */
export function interpolate(
  data: Readonly<Record<string, unknown>>,
  env: Env,
  report: (path: Path, message: string) => void,
): Record<string, unknown> {
  const copier = new Copier(env, report);
  return copier.mapping(namedBlocks(data), []);
}

/** Names of the environment variables that a text stands for. */
export const variablesIn = (value: string): string[] =>
  [...value.matchAll(REFERENCE)].flatMap(([, variable]) => variable ?? []);

class Copier {
  readonly #env: Env;
  readonly #report: (path: Path, message: string) => void;
  #values = 0;

  constructor(env: Env, report: (path: Path, message: string) => void) {
    this.#env = env;
    this.#report = report;
  }

  mapping(mapping: Record<string, unknown>, path: Path): Record<string, unknown> {
    const entries = Object.entries(mapping).map(
      ([key, value]) => [key, this.#copy(value, [...path, key])] as const,
    );
    return Object.fromEntries(entries.filter(([, value]) => !isBlank(value)));
  }

  #copy(value: unknown, path: Path): unknown {
    if (this.#isTooMuch(path)) return undefined;
    if (typeof value === 'string') return this.#filled(value, path);
    if (Array.isArray(value)) return value.map((item, index) => this.#copy(item, [...path, index]));
    return isMapping(value) ? this.mapping(value, path) : value;
  }

  #isTooMuch(path: Path): boolean {
    this.#values += 1;
    if (this.#values === VALUES_MAX) this.#report([], `more than ${VALUES_MAX} values`);
    if (path.length === DEPTH_MAX) this.#report(path.slice(0, 2), 'nested too deeply');
    return this.#values >= VALUES_MAX || path.length >= DEPTH_MAX;
  }

  #filled(value: string, path: Path): string {
    return value.replace(REFERENCE, (reference, variable: string | undefined) => {
      if (variable === undefined) return reference.slice(1);
      if (!VARIABLE.test(variable)) {
        this.#report(
          path,
          'found braces after $ around something other than a name; double the $ to mean it',
        );
        return reference;
      }
      const found = this.#env[variable];
      if (found === undefined) {
        this.#report(path, `the environment variable ${variable} is not set`);
      }
      return found ?? '';
    });
  }
}

const isBlank = (value: unknown): boolean => value === null || value === undefined || value === '';

/** `groups: { staff: }` names a group of which nothing is said: it is there all the same. */
function namedBlocks(data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const named = ['groups', 'users', 'projects', 'clients', 'services'].flatMap((section) => {
    const block = data[section];
    if (!isMapping(block)) return [];
    const filled = Object.entries(block).map(([key, value]) => [key, isBlank(value) ? {} : value]);
    return [[section, Object.fromEntries(filled)]];
  });
  return { ...data, ...Object.fromEntries(named) };
}
