/**
 * `node bench/soak.ts`: whether Lumen stays as large as it is under everything that people do, for a while. It needs no
 * build. The open files and the connections to the database must come back to what they were after the warm-up; from ten
 * minutes on, its memory may grow by 1 MB a minute. Otherwise it ends with status 1.
 *   --minutes N    how long, after the warm-up; 0.5 unless said otherwise, and 20 to be sure
 *   --json         one JSON object instead of a table
 */
import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import type { Client } from 'undici';
import { Caller } from './caller.ts';
import { chores } from './chores.ts';
import { readDelays } from './event-loop.ts';
import { type Cell, textOf } from './figures.ts';
import { ask, connect } from './load.ts';
import { residentMb } from './processes.ts';
import { chatBody, MODELS, openSetting, type Setting } from './setting.ts';

const WARM_UP_MS_MAX = 10_000;
const WORKERS = 16;
const CHORES_EVERY_MS = 5_000;
/** Longer than connections to model servers are kept open for the next request. */
const SETTLED_MS = 6_000;
/** A connection that nobody uses is closed after a minute. */
const RETURN_MS = 90_000;
const SLOPE_MAX = 1;
/** In less time what a garbage collector leaves for later looks like growth. */
const JUDGED_FROM_MINUTES = 10;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '0.5' },
    json: { type: 'boolean', default: false },
  },
});
const minutes = Number(values.minutes);

interface Size {
  readonly files: number;
  readonly connections: number;
}

/** All kinds of requests in turn, each answered to its end but for the last, whose reader leaves. */
async function worker(setting: Setting, until: number, done: () => void): Promise<void> {
  const { lumen } = setting;
  const client = connect(lumen);
  while (performance.now() < until) {
    await ask(client, lumen, chatBody(MODELS.dummy, 16));
    await ask(client, lumen, chatBody(MODELS.dummy, 62, true));
    await ask(client, lumen, chatBody(MODELS.brief, 12, true));
    await converse(setting);
    await leave(setting);
    done();
  }
  await client.close();
}

async function converse({ lumen }: Setting): Promise<void> {
  const caller = await Caller.open(lumen);
  const id = await caller.say(MODELS.brief, 'one two three');
  await caller.watch(id, () => {});
  await caller.close();
}

async function leave({ lumen }: Setting): Promise<void> {
  const client: Client = connect(lumen);
  const { body } = await client.request({
    method: 'POST',
    path: '/v1/chat/completions',
    headers: { 'content-type': 'application/json', ...lumen.headers },
    body: chatBody(MODELS.calm, 80, true),
  });
  for await (const _piece of body) break;
  await client.destroy();
}

/** Works for so long; gives how many rounds of requests were done. */
async function work(setting: Setting, ms: number): Promise<number> {
  const until = performance.now() + ms;
  let rounds = 0;
  const done = () => {
    rounds += 1;
  };
  const doChores = async () => {
    while (performance.now() < until) {
      await chores(setting);
      await delay(CHORES_EVERY_MS);
    }
  };
  const workers = Array.from({ length: WORKERS }, () => worker(setting, until, done));
  await Promise.all([...workers, doChores()]);
  return rounds;
}

/** Megabytes a minute, as the straight line through the samples that misses them least. */
function slopeOf(samples: readonly (readonly [minute: number, mb: number])[]): number {
  const meanOf = (figures: readonly number[]) =>
    figures.reduce((sum, figure) => sum + figure, 0) / figures.length;
  const [at, size] = [meanOf(samples.map(([x]) => x)), meanOf(samples.map(([, y]) => y))];
  const products = samples.map(([x, y]) => (x - at) * (y - size));
  return meanOf(products) / meanOf(samples.map(([x]) => (x - at) ** 2));
}

async function soak(setting: Setting): Promise<Record<string, Cell>> {
  const { lumen } = setting;
  await using database = await connected(setting);
  const size = async (): Promise<Size> => ({
    files: readdirSync(`/proc/${lumen.pid}/fd`).length,
    connections: await database.connections(),
  });
  await work(setting, Math.min(minutes * 60_000, WARM_UP_MS_MAX));
  const before = await settled(size);
  await readDelays(lumen);
  const startedAt = performance.now();
  const samples: [number, number][] = [];
  const timer = setInterval(() => {
    samples.push([(performance.now() - startedAt) / 60_000, residentMb(lumen.pid)]);
  }, 500);
  const rounds = await work(setting, minutes * 60_000);
  clearInterval(timer);
  const { p99, max } = await readDelays(lumen);
  const endedAt = performance.now();
  const after = await returned(before, size);
  return {
    minutes,
    rounds,
    'MB at first': samples[0]?.[1] ?? null,
    'MB at last': samples.at(-1)?.[1] ?? null,
    'MB/minute': slopeOf(samples),
    'files before': before.files,
    'files after': after.files,
    'connections before': before.connections,
    'connections after': after.connections,
    'back after s': (performance.now() - endedAt) / 1000,
    'delay p99 ms': p99,
    'delay max ms': max,
  };
}

/** The size once it has been the same for a while. */
async function settled(size: () => Promise<Size>): Promise<Size> {
  let last = await size();
  for (let since = performance.now(); performance.now() - since < SETTLED_MS; ) {
    await delay(500);
    const now = await size();
    if (now.files !== last.files || now.connections !== last.connections) since = performance.now();
    last = now;
  }
  return last;
}

/** The size once it is no larger than before, or after a time in which it should have been. */
async function returned(before: Size, size: () => Promise<Size>): Promise<Size> {
  const until = performance.now() + RETURN_MS;
  for (;;) {
    const now = await size();
    const isBack = now.files <= before.files && now.connections <= before.connections;
    if (isBack || performance.now() > until) return now;
    await delay(250);
  }
}

async function connected(setting: Setting) {
  const client = new pg.Client(await setting.databaseUrl());
  await client.connect();
  return {
    connections: async () => {
      const { rows } = await client.query<{ count: number }>(
        'select count(*)::int as count from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()',
      );
      return rows[0]?.count ?? Number.NaN;
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}

await using closing = new AsyncDisposableStack();
const pace = { rounds: 1, windowMs: 0, isQuick: false, profileDir: null };
const setting = await openSetting(
  { ...pace, script: ['--import', 'tsx', 'server/main.ts'] },
  closing,
);
const figures = await soak(setting);
const table = {
  name: 'soak',
  title: 'Lumen under everything that people do',
  columns: Object.keys(figures),
  rows: [Object.values(figures)],
};
console.log(values.json ? JSON.stringify(figures) : textOf(table));
const isBack =
  Number(figures['files after']) <= Number(figures['files before']) &&
  Number(figures['connections after']) <= Number(figures['connections before']);
const grows = minutes >= JUDGED_FROM_MINUTES && Number(figures['MB/minute']) > SLOPE_MAX;
if (!isBack || grows) process.exitCode = 1;
