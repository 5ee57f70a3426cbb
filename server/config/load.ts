/** Reads config.yaml in any of its forms into one frozen `Config`. */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { Logger } from 'pino';
import { advice } from './advice.ts';
import type { Config } from './config.ts';
import { Draft } from './draft.ts';
import { override } from './environment.ts';
import { deepFreeze } from './freeze.ts';
import { type Env, interpolate } from './interpolate.ts';
import { rewriteLegacy } from './legacy.ts';
import { normalForm } from './normal-form.ts';
import { ConfigError, type ConfigProblem, type Path, pathText } from './problem.ts';
import type { ConfigFile } from './schema.ts';
import { keptSecrets } from './secrets.ts';
import { type Finding, validate } from './validate.ts';
import { readYaml, type YamlFile } from './yaml-file.ts';

const BYTES_MAX = 5 * 1024 * 1024;
// Forms in which models that no rule names were open to all.
const OPEN_FORM = /(white|black|gray)list|"\*"|^clients /;

export interface LoadOptions {
  /** Absolute path of the file. */
  readonly file: string;
  readonly env: Env;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /** Where generated secrets are kept; without it, a file in debug mode needs its own. */
  readonly dataDir?: string;
}

/** A configuration, and what its author should know about it. */
export interface Loaded {
  readonly config: Config;
  readonly warnings: readonly string[];
}

/** @throws ConfigError with everything that is wrong with the file */
export async function loadConfig(
  options: LoadOptions & { readonly generation: number },
): Promise<Config> {
  const text = await readConfigText(options.file);
  const { config, warnings } = await parseConfig(text, options);
  for (const warning of warnings) options.log.warn(warning);
  return config;
}

/** @throws ConfigError when there is no such file, or it is too large, or not text */
export async function readConfigText(file: string): Promise<string> {
  const refuse = (message: string): never => {
    throw new ConfigError([{ source: file, line: null, column: null, path: '', message }]);
  };
  try {
    const { size } = await stat(file);
    if (size > BYTES_MAX) refuse(`the file has ${size} bytes; accepted are at most ${BYTES_MAX}`);
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    return refuse(unreadable(error));
  }
}

/** Tells one text of the file from another. */
export const versionOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** @throws ConfigError with everything that is wrong with the text */
export async function parseConfig(
  text: string,
  { file: source, env, dataDir, generation }: Omit<LoadOptions, 'log'> & { generation: number },
): Promise<Loaded> {
  const yaml = readYaml(text, source);
  const errors: Finding[] = [];
  const filled = interpolate(yaml.data, env, (path, message) => errors.push({ path, message }));
  const draft = new Draft(filled, yaml.data);
  rewriteLegacy(draft);
  override(draft, env);
  const validation = validate(draft);
  errors.push(...validation.errors);
  const { file } = validation;
  if (!file || errors.length > 0) {
    throw new ConfigError(located(errors, draft, yaml, source));
  }
  const config = { generation, file: source, ...normalForm(file) };
  return {
    config: deepFreeze(await withSecrets(config, dataDir)),
    warnings: warnings(draft, yaml, validation.unknown, file, config),
  };
}

/** On a developer's machine nobody should have to invent secrets. */
async function withSecrets(config: Config, dataDir: string | undefined): Promise<Config> {
  const { session, apiKeys, previousApiKeys } = config.secrets;
  if (!config.app.debug || (session && apiKeys) || dataDir === undefined) return config;
  const kept = await keptSecrets(dataDir);
  const secrets = { session: session || kept.session, apiKeys: apiKeys || kept.apiKeys };
  return { ...config, secrets: { ...secrets, previousApiKeys } };
}

function located(
  errors: readonly Finding[],
  draft: Draft,
  yaml: YamlFile,
  source: string,
): ConfigProblem[] {
  const problems = errors.map(({ path, message }) => {
    const origin = draft.originOf(path);
    if ('variable' in origin) {
      const shown = `environment variable ${origin.variable}`;
      return { source: shown, line: null, column: null, path: pathText(path), message };
    }
    return { source, ...yaml.placeOf(origin), path: pathText(origin), message };
  });
  return problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
}

function warnings(
  draft: Draft,
  yaml: YamlFile,
  unknown: readonly Path[],
  file: ConfigFile,
  config: Config,
): string[] {
  const line = (path: Path) => {
    const origin = draft.originOf(path);
    return 'variable' in origin ? origin.variable : `line ${yaml.placeOf(origin).line}`;
  };
  const notices = [...draft.notices].map(([notice, [first = [], ...others]]) => {
    const more = others.length > 0 ? ` and ${others.length} more` : '';
    return `older form: ${notice} (line ${yaml.placeOf(first).line}${more})`;
  });
  const ignored = unknown.map((path) => {
    const origin = draft.originOf(path);
    const name = pathText('variable' in origin ? path : origin);
    return `${name} is not a setting and is ignored (${line(path)})`;
  });
  const wasOpen = [...draft.notices.keys()].some((notice) => OPEN_FORM.test(notice));
  return [...yaml.warnings, ...notices, ...ignored, ...advice(file, config, wasOpen)];
}

function unreadable(error: unknown): string {
  if (error instanceof TypeError) return 'the file is not text in UTF-8';
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file; copy config.yaml.example to it';
  return `the file can't be read (${code})`;
}
