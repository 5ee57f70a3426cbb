// The text of config.yaml as it is shown in the browser: marks stand for secrets, and are replaced by them again before
// the text is written. Everything else stays byte for byte as it is.
import type { Scalar } from 'yaml';
import { keyDigest } from '../kernel/secret.ts';
import { ConfigError } from './problem.ts';
import { valuesOf, variableUses, type Written } from './secret-places.ts';
import { readYaml } from './yaml-file.ts';

interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

interface Secret {
  /** As it is written, quotes included. */
  readonly source: string;
  readonly value: unknown;
  readonly uses: ReadonlySet<string>;
  /** Whether it is written so between brackets or braces, where plain texts may hold less. */
  readonly isInFlow: boolean;
}

/** A file whose secrets may be kept. */
interface Known {
  readonly secrets: ReadonlyMap<string, Secret>;
  readonly variables: ReadonlySet<string>;
}

const DIGITS = 16;
const MARK = /^\(kept secret [\da-f]{16}\)$/;
const PART_OF_MARK = /\(kept secret/;
const STARS = /^[*•●]+$/;
const QUOTED = /^(".*"|'.*')$/s;

/**
 * The text with a mark instead of each secret. Equal secrets have equal marks, at every replica and in every version.
 *
 * @param key of the digests; a secret of all replicas
 * @throws ConfigError when the text is not YAML, so that its secrets can't be found
 */
export function maskedText(text: string, source: string, key: string): string {
  const secrets = valuesOf(readYaml(text, source)).filter(({ isSecret }) => isSecret);
  return spliced(
    text,
    secrets.map(({ scalar }) => {
      const [start, end] = rangeOf(scalar, text);
      return { start, end, text: markOf(text.slice(start, end), key) };
    }),
  );
}

/**
 * The text with the secrets that its marks stand for.
 *
 * @param before the file as it is, whose secrets may be kept, for the same use; null for one that can't be read
 * @throws ConfigError when it is not YAML, when a mark stands for no secret of the file or for one with another use, or
 *   when it has an environment variable read that the file does not use so: only whoever has the file may allow that
 */
export function restoredText(
  text: string,
  before: string | null,
  source: string,
  key: string,
): string {
  const known = knownOf(before, source, key);
  const marked = readYaml(text, source);
  const values = valuesOf(marked);
  const kept = values.map(({ scalar }) => known.secrets.get(String(scalar.value)));
  const complain = (of: (written: Written, index: number) => string | null) => {
    const problems = values.flatMap((written, index) => {
      const message = of(written, index);
      const [start] = rangeOf(written.scalar, text);
      return message ? [{ source, ...marked.placeAt(start), path: '', message }] : [];
    });
    if (problems.length > 0) throw new ConfigError(problems);
  };
  complain((written, index) => (kept[index] ? null : maskComplaint(written)));
  const restored = spliced(
    text,
    values.flatMap(({ scalar, isInFlow }, index) => {
      const [start, end] = rangeOf(scalar, text);
      const secret = kept[index];
      return secret ? [{ start, end, text: sourceOf(secret, isInFlow) }] : [];
    }),
  );
  // A secret in the place of its mark changes no structure, so that the two lists are of the same values.
  const meant = valuesOf(readYaml(restored, source));
  complain((_, index) => misuse(meant[index], kept[index], known));
  return restored;
}

function maskComplaint({ scalar, isAtSecretPlace }: Written): string | null {
  const value = String(scalar.value);
  if (MARK.test(value)) {
    return 'this mark stands for no secret of the file as it is now; write the secret itself';
  }
  if (PART_OF_MARK.test(value)) return 'a kept secret can’t be part of a longer text';
  return isAtSecretPlace && STARS.test(value) ? 'found a mask; write the secret itself' : null;
}

/** Secrets and variables may be kept, not put to another use: sent elsewhere, or shown. */
function misuse(
  written: Written | undefined,
  secret: Secret | undefined,
  { variables }: Known,
): string | null {
  if (!written) throw new Error('a restored secret has changed the structure of the text');
  if (secret && [...written.uses].some((use) => !secret.uses.has(use))) {
    return 'this secret is kept for another setting or address; write it anew';
  }
  const foreign = variableUses(written).find((use) => !variables.has(use));
  if (foreign === undefined) return null;
  const [name] = foreign.split(' ');
  return `the file does not use the environment variable ${name} here; whoever has the file may write it there`;
}

function knownOf(before: string | null, source: string, key: string): Known {
  const secrets = new Map<string, Secret>();
  const variables = new Set<string>();
  const values = before === null ? [] : valuesOf(readYaml(before, source));
  for (const written of values) {
    for (const use of variableUses(written)) variables.add(use);
    if (written.isSecret) keep(secrets, written, before ?? '', key);
  }
  return { secrets, variables };
}

function keep(secrets: Map<string, Secret>, written: Written, text: string, key: string): void {
  const { scalar, uses, isInFlow } = written;
  const source = text.slice(...rangeOf(scalar, text));
  const mark = markOf(source, key);
  const known = secrets.get(mark);
  secrets.set(mark, {
    source,
    value: scalar.value,
    uses: new Set([...uses, ...(known?.uses ?? [])]),
    isInFlow: isInFlow || known?.isInFlow === true,
  });
}

const markOf = (source: string, key: string): string =>
  `(kept secret ${keyDigest(`config.yaml ${source}`, key).toString('hex').slice(0, DIGITS)})`;

/** A block of lines would need the indentation of its new place. */
function sourceOf(secret: Secret, isInFlow: boolean): string {
  const { source, value } = secret;
  const fits = QUOTED.test(source) || secret.isInFlow || !isInFlow;
  return fits && !source.includes('\n') ? source : JSON.stringify(value);
}

/** Without the line ends that belong to a block of lines. */
function rangeOf({ range }: Scalar, text: string): [start: number, end: number] {
  const [start, end] = range ?? [0, 0];
  return [start, start + text.slice(start, end).trimEnd().length];
}

const spliced = (text: string, splices: readonly Splice[]): string =>
  splices
    .toSorted((a, b) => b.start - a.start)
    .reduce(
      (whole, { start, end, text: by }) => whole.slice(0, start) + by + whole.slice(end),
      text,
    );
