/** As much as goes through: whole answers and un-paced streams, at rising concurrency. */
import { type Cell, median, medianRatio, quantile, type Table } from './figures.ts';
import { load, type Target, type Window } from './load.ts';
import { watchMemory } from './processes.ts';
import { chatBody, MODELS, type Setting } from './setting.ts';

/** Short answers: what a gateway adds shows most. */
const WORDS = 16;
/** The model server sends the role before the words, and the finish reason after them. */
const CHUNKS = 64;

export async function wholeAnswers(setting: Setting): Promise<Table> {
  const body = chatBody(MODELS.dummy, WORDS);
  const rows: Cell[][] = [];
  for (const callers of [1, 16, 64, 256])
    for (const result of await compare(setting, body, callers)) {
      const { name, perSecond, toBare, p50, p99, addedP50, cpuMicros, peakMb } = result;
      const counted = Math.round(perSecond);
      rows.push([callers, name, counted, toBare, p50, p99, addedP50, cpuMicros, peakMb]);
    }
  return {
    name: 'wholeAnswers',
    title: 'Whole answers of /v1/chat/completions',
    columns: [
      'concurrent',
      'through',
      'requests/s',
      'to bare',
      'p50 ms',
      'p99 ms',
      'added p50 ms',
      'CPU µs/request',
      'peak MB',
    ],
    rows,
  };
}

export async function streams(setting: Setting): Promise<Table> {
  const body = chatBody(MODELS.dummy, CHUNKS - 2, true);
  const rows: Cell[][] = [];
  for (const callers of [16, 64])
    for (const { name, perSecond, toBare, p50, cpuMicros } of await compare(
      setting,
      body,
      callers,
    )) {
      const perChunk = cpuMicros === null ? null : cpuMicros / CHUNKS;
      rows.push([callers, name, perSecond, toBare, perSecond * CHUNKS, p50, perChunk]);
    }
  return {
    name: 'streams',
    title: `Streams of ${CHUNKS} chunks that the model server gives at once`,
    columns: [
      'concurrent',
      'through',
      'streams/s',
      'to bare',
      'chunks/s',
      'p50 ms',
      'CPU µs/chunk',
    ],
    rows,
  };
}

interface Result {
  readonly name: string;
  readonly perSecond: number;
  readonly toBare: number;
  readonly p50: number;
  readonly p99: number;
  /** What stands between alone: null for the direct way. */
  readonly addedP50: number | null;
  readonly cpuMicros: number | null;
  /** Highest resident memory meanwhile; of Lumen only. */
  readonly peakMb: number | null;
}

/** One result each for the direct way, the bare proxy and Lumen, from windows that take turns. */
async function compare(
  { direct, bare, lumen, pace: { rounds, windowMs: ms } }: Setting,
  body: string,
  callers: number,
): Promise<readonly Result[]> {
  const targets = [direct, bare, lumen];
  const windows = new Map<Target, Window[]>(targets.map((target) => [target, []]));
  const memory = watchMemory(lumen.pid);
  for (let round = 0; round < rounds; round += 1)
    for (const target of targets)
      windows.get(target)?.push(await load(target, body, { callers, ms }));
  const peakMb = memory();
  const of = (target: Target, figure: (window: Window) => number): number[] =>
    (windows.get(target) ?? []).map(figure);
  const p50Of = (target: Target) => median(of(target, ({ latencies }) => median(latencies)));
  const perSecond = (window: Window) => window.perSecond;
  return targets.map((target) => ({
    name: target.name,
    perSecond: median(of(target, perSecond)),
    toBare: medianRatio(of(target, perSecond), of(bare, perSecond)),
    p50: p50Of(target),
    p99: median(of(target, ({ latencies }) => quantile(latencies, 0.99))),
    addedP50: target === direct ? null : p50Of(target) - p50Of(direct),
    cpuMicros: target === direct ? null : median(of(target, ({ cpuMicros }) => cpuMicros)),
    peakMb: target === lumen ? peakMb : null,
  }));
}
