/** Many people chatting at once: each on a socket of their own, each watching a paced answer to its end. */
import { Caller, type MessageEvent } from './caller.ts';
import { type Cell, quantile, type Table } from './figures.ts';
import { ask, connect, type Target } from './load.ts';
import { cpuMs, residentMb, watchMemory } from './processes.ts';
import { CALM_WORD_MS, chatBody, MODELS, type Setting, WORD_MS } from './setting.ts';

/** More words than any answer has. */
const ALL_WORDS = 100_000;

const COLUMNS = [
  'turns',
  'lost',
  'repeated',
  'wrong',
  'alone s',
  'together s',
  'p50 s',
  'chunks/s',
  'CPU ms/turn',
  'before MB',
  'peak MB',
  'after MB',
];

export async function turns(setting: Setting): Promise<Table> {
  const asked = { model: MODELS.paced, server: setting.paced };
  const rows: Cell[][] = [];
  for (const count of setting.pace.isQuick ? [200] : [200, 500])
    rows.push(await turnsAtOnce(setting, asked, count));
  return { name: 'turns', title: titleOf(WORD_MS), columns: COLUMNS, rows };
}

/** As many as one process is promised to carry, at the pace of a large model. */
export async function turns1000(setting: Setting): Promise<Table> {
  const asked = { model: MODELS.calm, server: setting.calm };
  const rows = [await turnsAtOnce(setting, asked, 1_000)];
  return { name: 'turns1000', title: titleOf(CALM_WORD_MS), columns: COLUMNS, rows };
}

const titleOf = (wordMs: number) =>
  `Turns through GraphQL, a socket each, ${1000 / wordMs} words/s each`;

interface Asked {
  readonly model: string;
  /** Behind that model. */
  readonly server: Target;
}

async function turnsAtOnce(
  { lumen }: Setting,
  { model, server }: Asked,
  count: number,
): Promise<Cell[]> {
  const aloneMs = await durationAlone(server);
  const callers = await inSlices(count, () => Caller.open(lumen));
  const beforeMb = residentMb(lumen.pid);
  const memory = watchMemory(lumen.pid);
  const cpuBefore = cpuMs(lumen.pid);
  const startedAt = performance.now();
  const transcripts = await Promise.all(callers.map((caller) => converse(caller, model)));
  const togetherMs = performance.now() - startedAt;
  const cpu = cpuMs(lumen.pid) - cpuBefore;
  const peakMb = memory();
  await Promise.all(callers.map((caller) => caller.close()));
  const durations = transcripts.map(({ durationMs }) => durationMs / 1000);
  return [
    count,
    ...faultsOf(transcripts),
    aloneMs / 1000,
    togetherMs / 1000,
    quantile(durations, 0.5),
    Math.round((sumOf(transcripts, ({ chunks }) => chunks) * 1000) / togetherMs),
    cpu / count,
    Math.round(beforeMb),
    Math.round(peakMb),
    Math.round(residentMb(lumen.pid)),
  ];
}

const sumOf = (transcripts: readonly Transcript[], figure: (transcript: Transcript) => number) =>
  transcripts.reduce((total, transcript) => total + figure(transcript), 0);

/** Lost and repeated characters, and wrong answers. */
const faultsOf = (transcripts: readonly Transcript[]): number[] => [
  sumOf(transcripts, ({ lost }) => lost),
  sumOf(transcripts, ({ repeated }) => repeated),
  sumOf(transcripts, ({ isWhole }) => (isWhole ? 0 : 1)),
];

/** How long the model server alone takes for such an answer. */
async function durationAlone(server: Target): Promise<number> {
  const client = connect(server);
  const { totalMs } = await ask(client, server, chatBody(MODELS.dummy, ALL_WORDS, true));
  await client.close();
  return totalMs;
}

/** Connections are opened a few at a time: the burst of sign-ins is not what is measured. */
async function inSlices<T>(count: number, open: () => Promise<T>): Promise<readonly T[]> {
  const opened: T[] = [];
  while (opened.length < count) {
    const slice = Math.min(20, count - opened.length);
    opened.push(...(await Promise.all(Array.from({ length: slice }, open))));
  }
  return opened;
}

/** What one watcher saw of an answer, compared with what Lumen has stored of it. */
class Transcript {
  chunks = 0;
  lost = 0;
  repeated = 0;
  isWhole = false;
  durationMs = 0;
  #text = '';
  #points = 0;

  /** A chunk's position counts code points up to its end, so each says where it belongs. */
  read(event: MessageEvent): void {
    if (event.__typename === 'MessageFinished') {
      this.isWhole = event.message.status === 'FINISHED' && event.message.content === this.#text;
      return;
    }
    const gap = event.position - [...event.content].length - this.#points;
    if (gap > 0) this.lost += gap;
    else this.repeated -= gap;
    this.chunks += 1;
    this.#text += event.content;
    this.#points = event.position;
  }
}

async function converse(caller: Caller, model: string): Promise<Transcript> {
  const transcript = new Transcript();
  const startedAt = performance.now();
  const id = await caller.say(model, QUESTION);
  await caller.watch(id, (event) => transcript.read(event));
  transcript.durationMs = performance.now() - startedAt;
  return transcript;
}

const QUESTION = JSON.parse(chatBody(MODELS.paced, 1)).messages[0].content as string;
