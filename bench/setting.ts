/** What all parts measure: a model server, a bare proxy before it, and Lumen before it with everything on. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Target } from './load.ts';
import { type Started, start } from './processes.ts';

export interface Pace {
  /** Windows per figure; each gives one sample of the median. */
  readonly rounds: number;
  readonly windowMs: number;
  readonly isQuick: boolean;
  /** Where Lumen leaves a profile of its processor time, if anywhere. */
  readonly profileDir: string | null;
  /** How Lumen is started; left out, as it was built. */
  readonly script?: readonly string[];
}

export interface Setting {
  readonly pace: Pace;
  /** The model server; it gives all words at once. */
  readonly direct: Target;
  readonly bare: Target;
  readonly lumen: Target;
  /** A model server that gives a word each 20 ms. */
  readonly paced: Target;
  /** A model server that gives a word each 50 ms. */
  readonly calm: Target;
  databaseUrl(): Promise<string>;
  /** Saves the configuration with something new in it, which is in force soon after. */
  save(): Promise<void>;
}

export const WORD_MS = 20;
export const CALM_WORD_MS = 50;
/** Models of Lumen: words at once, paced, paced with short answers, and at a calm pace. */
export const MODELS = { dummy: 'dummy', paced: 'paced', brief: 'brief', calm: 'calm' } as const;
export const BRIEF_WORDS = 12;
export const METRICS_TOKEN = 'the-token-of-the-benchmark';
const EMAIL = 'bench@example.org';

/** Starts everything in a new temporary folder; all of it is gone when the stack is disposed of. */
export async function openSetting(pace: Pace, closing: AsyncDisposableStack): Promise<Setting> {
  const folder = await mkdtemp(join(tmpdir(), 'lumen-bench-'));
  closing.defer(() => rm(folder, { recursive: true, force: true }));
  // Beside config.yaml, each line of a log would wake those who watch its folder.
  const logs = join(folder, 'logs');
  const dataDir = join(folder, 'data');
  for (const made of [logs, dataDir]) await mkdir(made);
  const run = async (name: string, script: readonly string[], env = {}) => {
    const started = await start({ script, env, logFile: join(logs, `${name}.log`) });
    closing.defer(started.stop);
    return started;
  };
  const echo = (name: string, delayMs: number) =>
    run(name, ['scripts/dummy.ts'], { DUMMY_PORT: '0', DUMMY_WORD_DELAY_MS: String(delayMs) });
  const model = await echo('model', 0);
  const paced = await echo('paced-model', WORD_MS);
  const calm = await echo('calm-model', CALM_WORD_MS);
  const bare = await run('bare', ['bench/bare-proxy.ts', model.origin]);
  const config = join(folder, 'config.yaml');
  let saved = 0;
  const save = () => {
    saved += 1;
    const settings = configFor({ model, paced, calm }, `Saved ${saved} times.`);
    return writeFile(config, stringify(settings));
  };
  await save();
  const profile = pace.profileDir ? ['--cpu-prof', `--cpu-prof-dir=${pace.profileDir}`] : [];
  const lumen = await run('lumen', [...profile, ...(pace.script ?? ['dist/main.js'])], {
    PORT: '0',
    CONFIG_YAML: config,
    LUMEN_DATA_DIR: dataDir,
    DATABASE_URL: '',
    REDIS_URL: '',
  });
  const headers = { authorization: `Bearer ${await newKey(lumen.origin)}` };
  return {
    pace,
    direct: { name: 'direct', headers: {}, ...model },
    bare: { name: 'bare proxy', headers: {}, ...bare },
    lumen: { name: 'Lumen', headers, ...lumen },
    paced: { name: 'direct', headers: {}, ...paced },
    calm: { name: 'direct', headers: {}, ...calm },
    databaseUrl: () => databaseUrl(dataDir),
    save,
  };
}

/** The pool is limited, so that coins are held and paid for each request, and so large that it never runs out. */
function configFor(
  servers: Readonly<Record<'model' | 'paced' | 'calm', Started>>,
  description: string,
): object {
  const model = (name: string, { origin }: Started, more = {}) => ({
    name,
    description,
    input_cost_per_million: 1,
    output_cost_per_million: 2,
    endpoints: [{ url: `${origin}/v1`, api_key: 'dummy', model: 'dummy' }],
    ...more,
  });
  return {
    version: 2,
    app: { debug: true, dev_user: EMAIL },
    admins: [EMAIL],
    rate_limiting: { limit: 'unlimited' },
    api: { prometheus: { enabled: true, token: METRICS_TOKEN } },
    models: [
      model(MODELS.dummy, servers.model),
      model(MODELS.paced, servers.paced),
      model(MODELS.brief, servers.paced, { max_output_tokens: BRIEF_WORDS }),
      model(MODELS.calm, servers.calm),
    ],
    groups: {
      default: {
        max: 1_000_000_000,
        refresh: 1,
        starting: 1_000_000_000,
        model_access: { default: 'allowed' },
      },
    },
  };
}

async function newKey(origin: string): Promise<string> {
  const signedIn = await fetch(`${origin}/devlogin`, { redirect: 'manual' });
  const [cookie = ''] = (signedIn.headers.getSetCookie()[0] ?? '').split(';');
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify({ query: 'mutation { createApiKey(name: "bench") { secret } }' }),
  });
  const { data, errors } = (await response.json()) as {
    data?: { createApiKey: { secret: string } };
    errors?: unknown;
  };
  if (!data) throw new Error(`no key was made: ${JSON.stringify(errors)}`);
  return data.createApiKey.secret;
}

/** Of a Lumen that runs its own PostgreSQL. */
export async function databaseUrl(dataDir: string): Promise<string> {
  const access = JSON.parse(await readFile(join(dataDir, 'postgres.json'), 'utf8'));
  return `postgresql://lumen:${access.password}@127.0.0.1:${access.port}/lumen`;
}

/** What callers of `/v1` send. The words are many enough for any answer that is asked for. */
export function chatBody(model: string, words: number, isStream = false): string {
  return JSON.stringify({
    model,
    messages: [{ role: 'user', content: WORDS }],
    max_tokens: words,
    ...(isStream ? { stream: true } : {}),
  });
}

const WORDS = Array.from({ length: 80 }, (_, at) => `word${at}`).join(' ');
