// Reads YAML into plain data, and knows where in the text each setting stands.
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  visit,
} from 'yaml';
import { ConfigError, type ConfigProblem, type Path } from './problem.ts';

const ALIASES_MAX = 200;

export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface YamlFile {
  readonly document: Document;
  readonly data: Readonly<Record<string, unknown>>;
  /** Where the value stands, or else the nearest block around it. */
  placeOf(path: Path): Place;
  placeAt(offset: number): Place;
  readonly warnings: readonly string[];
}

/** @throws ConfigError with every mistake in the YAML; a mistake's text is never quoted, it may be a secret */
export function readYaml(text: string, source: string): YamlFile {
  const lines = new LineCounter();
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const problem = (message: string, offset?: number): ConfigProblem => {
    const place = offset === undefined ? { line: null, column: null } : placeAt(offset);
    return { source, ...place, path: '', message };
  };
  const document = attempt(
    () => parseDocument(text, { prettyErrors: false, lineCounter: lines, merge: true }),
    problem,
  );
  const problems = [
    ...document.errors.map((error) => problem(withoutQuote(error.message), error.pos[0])),
    ...forbiddenKeys(document).map((offset) => problem('the key __proto__ is not allowed', offset)),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  const data = attempt(() => document.toJS({ maxAliasCount: ALIASES_MAX }) as unknown, problem);
  if (!isMapping(data)) throw new ConfigError([problem(emptyOrOther(data), 0)]);
  return {
    document,
    data,
    placeOf: (path) => placeAt(offsetOf(document, path)),
    placeAt,
    warnings: document.warnings.map((warning) => {
      const { line, column } = placeAt(warning.pos[0]);
      return `${source}:${line}:${column}: ${withoutQuote(warning.message)}`;
    }),
  };
}

export const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function attempt<T>(read: () => T, problem: (message: string) => ConfigProblem): T {
  try {
    return read();
  } catch (error) {
    // Both a bomb of aliases and nesting that exhausts the stack end here.
    const message =
      error instanceof RangeError ? 'nested too deeply' : withoutQuote((error as Error).message);
    throw new ConfigError([problem(`can't be read as YAML: ${message}`)]);
  }
}

// After a colon the library quotes the file.
const withoutQuote = (message: string): string => message.split(': ', 1)[0] ?? message;

const emptyOrOther = (data: unknown): string =>
  data === null || data === undefined
    ? 'the file is empty; it needs at least one model'
    : 'the file must be a list of settings, each written as key: value';

function forbiddenKeys(document: Document): number[] {
  const offsets: number[] = [];
  visit(document, {
    Pair(_, pair) {
      if (keyOf(pair) === '__proto__') offsets.push(offsetOfNode(pair.key) ?? 0);
    },
  });
  return offsets;
}

function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = offsetOfNode(node) ?? 0;
  for (const key of path) {
    if (isAlias(node)) node = node.resolve(document);
    const entry = entryOf(node, key);
    if (!entry) return offset;
    node = entry.value;
    offset = offsetOfNode(entry.key) ?? offset;
  }
  return isCollection(node) ? offset : (offsetOfNode(node) ?? offset);
}

function entryOf(node: unknown, key: string | number): { key: unknown; value: unknown } | null {
  if (isMap(node)) return node.items.find((pair) => keyOf(pair) === String(key)) ?? null;
  const value = isSeq(node) ? node.items[Number(key)] : undefined;
  return value === undefined ? null : { key: value, value };
}

export const keyOf = (pair: Pair): string => String(isScalar(pair.key) ? pair.key.value : pair.key);

const offsetOfNode = (node: unknown): number | undefined =>
  isNode(node) ? node.range?.[0] : undefined;
