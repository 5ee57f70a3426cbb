/** A place in the settings: `['models', 0, 'name']`. */
export type Path = readonly (string | number)[];

/** One thing that is wrong with a configuration. */
export interface ConfigProblem {
  /** The file, or the environment variable, where it stands. */
  readonly source: string;
  /** From 1; null when the problem is not at one place of the file. */
  readonly line: number | null;
  readonly column: number | null;
  /** Key path as written, such as `models[0].name`; empty for the whole file. */
  readonly path: string;
  readonly message: string;
}

/** A configuration that can't be used, with everything that is wrong with it. Never tells a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(problemLine).join('\n'));
    this.problems = problems;
  }
}

export const pathText = (path: Path): string =>
  path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text ? `${text}.${key}` : key;
  }, '');

/** Place and message, as editors and terminals read them. */
export function problemLine({ source, line, column, path, message }: ConfigProblem): string {
  const place = line === null ? source : `${source}:${line}:${column}`;
  return path ? `${place}: ${path}: ${message}` : `${place}: ${message}`;
}
