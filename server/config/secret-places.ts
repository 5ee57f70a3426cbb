// Finds the secrets of a YAML text, and what each of them is used for: a secret that is moved must keep its use.
import { isAlias, isCollection, isPair, isScalar, isSeq, type Pair, type Scalar } from 'yaml';
import { variablesIn } from './interpolate.ts';
import { ConfigError, type Path, pathText } from './problem.ts';
import { SECRET } from './validate.ts';
import { isMapping, keyOf, type YamlFile } from './yaml-file.ts';

/** One value, and all places at which it stands: aliases and merged blocks give it more than one. */
export interface Written {
  readonly scalar: Scalar;
  readonly isInFlow: boolean;
  /** Whether it is to be masked: names of environment variables are not. */
  readonly isSecret: boolean;
  readonly isAtSecretPlace: boolean;
  /** What it is for: the setting and, where it is sent to another machine, that machine. */
  readonly uses: ReadonlySet<string>;
}

/** Settings whose value goes from one to another without telling anybody more, older names among them. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^app\.(secret_key|encryption_key|previous_encryption_keys)(?!\w)/, 'app.encryption_key'],
  [/^app\.(database_url|database\.url)(?!\w)/, 'app.database.url'],
  [/^oauth2\.client_secret(?!\w)/, 'oauth2.client_secret'],
  [/^(api\.)?(prometheus|monitoring)\.token(?!\w)/, 'api.token'],
  [/^(redis\.url|rate_limiting\.storage_url)(?!\w)/, 'redis.url'],
  [/^models\[\d+\]\.endpoints\[\d+\]\.api_key(?!\w)/, 'api_key'],
];
/** The setting beside a secret that says which machine it is sent to. */
const SENT_TO: Readonly<Record<string, string>> = {
  api_key: 'url',
  'oauth2.client_secret': 'server_metadata_url',
};
const WITH_PASSWORD = /^[a-z][a-z\d+.-]*:\/\/[^/?#\s@]*:[^/?#\s@]+@/i;
const ONLY_VARIABLES = /^(\s*\$\{[A-Za-z_]\w*\}\s*)+$/;
const VISITS_MAX = 200_000;
const DEPTH_MAX = 32;

interface Visit {
  readonly scalar: Scalar;
  readonly path: Path;
  readonly isInFlow: boolean;
}

/** @throws ConfigError when the text holds more than can be looked through */
export function valuesOf(yaml: YamlFile): Written[] {
  const places = new Map<Scalar, Visit[]>();
  let visits = 0;
  for (const visit of scalars(yaml, yaml.document.contents, [], false)) {
    visits += 1;
    if (visits > VISITS_MAX) throw tooMuch();
    const known = places.get(visit.scalar);
    if (known) known.push(visit);
    else places.set(visit.scalar, [visit]);
  }
  return [...places.values()].map((all) => written(all, yaml.data));
}

/** Names of variables with what they are used for: `KEY api_key gpu.example.edu`. */
export const variableUses = ({ scalar, isAtSecretPlace, uses }: Written): string[] =>
  variablesIn(String(scalar.value)).flatMap((name) =>
    isAtSecretPlace ? [...uses].map((use) => `${name} ${use}`) : [name],
  );

function written(visits: readonly Visit[], data: unknown): Written {
  const [{ scalar, isInFlow }] = visits as [Visit];
  const value = String(scalar.value ?? '');
  const isAtSecretPlace = visits.some(({ path }) => isSecretPlace(pathText(path)));
  return {
    scalar,
    isInFlow,
    isAtSecretPlace,
    isSecret: isAtSecretPlace ? isMore(value) : WITH_PASSWORD.test(value),
    uses: new Set(visits.map(({ path }) => useOf(path, data))),
  };
}

const isSecretPlace = (path: string): boolean =>
  SECRET.test(path) || KINDS.some(([kind]) => kind.test(path));

/** Whether it says more than names of environment variables. */
const isMore = (value: string): boolean => value !== '' && !ONLY_VARIABLES.test(value);

function useOf(path: Path, data: unknown): string {
  const text = pathText(path);
  const kind = KINDS.find(([known]) => known.test(text))?.[1];
  if (kind === undefined) return text.replaceAll(/\[\d+\]/g, '[]');
  const sentTo = SENT_TO[kind];
  if (sentTo === undefined) return kind;
  const address = [...path.slice(0, path.indexOf(kind.split('.').at(-1) ?? '')), sentTo];
  return `${kind} ${hostOf(String(address.reduce(child, data)))}`;
}

const hostOf = (address: string): string =>
  URL.canParse(address) ? new URL(address).hostname : address;

function child(value: unknown, key: string | number): unknown {
  if (Array.isArray(value)) return value[Number(key)];
  return isMapping(value) ? value[key] : undefined;
}

function* scalars(yaml: YamlFile, node: unknown, path: Path, isInFlow: boolean): Generator<Visit> {
  if (path.length > DEPTH_MAX) throw tooMuch();
  if (isScalar(node)) yield { scalar: node, path, isInFlow };
  if (isAlias(node)) yield* scalars(yaml, node.resolve(yaml.document), path, isInFlow);
  if (!isCollection(node)) return;
  const isFlow = isInFlow || node.flow === true;
  for (const [index, item] of node.items.entries()) {
    if (isPair(item)) yield* inPair(yaml, item, path, isFlow);
    else yield* scalars(yaml, item, [...path, index], isFlow);
  }
}

/** What is merged into a block is read as if it were written there. */
function* inPair(yaml: YamlFile, pair: Pair, path: Path, isInFlow: boolean): Generator<Visit> {
  // A secret may be named by an alias where a name is written, too, and would be shown as one.
  if (isAlias(pair.key)) yield* scalars(yaml, pair.key, [...path, 'name'], isInFlow);
  const value = isAlias(pair.value) ? pair.value.resolve(yaml.document) : pair.value;
  if (!isMerge(pair)) yield* scalars(yaml, pair.value, [...path, keyOf(pair)], isInFlow);
  else if (isSeq(value)) for (const item of value.items) yield* scalars(yaml, item, path, isInFlow);
  else yield* scalars(yaml, value, path, isInFlow);
}

const isMerge = ({ key }: Pair): boolean =>
  isScalar(key) && (key.value === '<<' || typeof key.value === 'symbol');

function tooMuch(): ConfigError {
  const message = 'too many values, or nested too deeply';
  return new ConfigError([{ source: 'config.yaml', line: null, column: null, path: '', message }]);
}
