/** Many people chatting at once: each on a socket of their own, each watching a paced answer to its end. */
import { Caller, type MessageEvent } from './caller.ts';
import { type Cell, quantile, type Table } from './figures.ts';
import { ask, connect } from './load.ts';
import { cpuMs, residentMb, watchMemory } from './processes.ts';
import { chatBody, MODELS, type Setting, WORD_MS } from './setting.ts';

/** More words than any answer has. */
const ALL_WORDS = 100_000;

export async function turns(setting: Setting): Promise<Table> {
  const rows: Cell[][] = [];
  for (const count of setting.pace.isQuick ? [200] : [200, 500])
    rows.push(await turnsAtOnce(setting, count));
  return {
    name: 'turns',
    title: `Turns through GraphQL, a socket each, ${1000 / WORD_MS} words/s each`,
    columns: [
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
    ],
    rows,
  };
}

async function turnsAtOnce({ paced, lumen }: Setting, count: number): Promise<Cell[]> {
  const aloneMs = await durationAlone(paced);
  const callers = await inSlices(count, () => Caller.open(lumen));
  const beforeMb = residentMb(lumen.pid);
  const memory = watchMemory(lumen.pid);
  const cpuBefore = cpuMs(lumen.pid);
  const startedAt = performance.now();
  const transcripts = await Promise.all(callers.map(converse));
  const together = performance.now() - startedAt;
  const cpu = cpuMs(lumen.pid) - cpuBefore;
  const peakMb = memory();
  await Promise.all(callers.map((caller) => caller.close()));
  const sum = (figure: (transcript: Transcript) => number) =>
    transcripts.reduce((total, transcript) => total + figure(transcript), 0);
  return [
    count,
    sum(({ lost }) => lost),
    sum(({ repeated }) => repeated),
    sum(({ isWhole }) => (isWhole ? 0 : 1)),
    aloneMs / 1000,
    together / 1000,
    quantile(
      transcripts.map(({ durationMs }) => durationMs / 1000),
      0.5,
    ),
    Math.round((sum(({ chunks }) => chunks) * 1000) / together),
    cpu / count,
    Math.round(beforeMb),
    Math.round(peakMb),
    Math.round(residentMb(lumen.pid)),
  ];
}

/** How long the model server alone takes for such an answer. */
async function durationAlone(paced: Setting['paced']): Promise<number> {
  const client = connect(paced);
  const { totalMs } = await ask(client, paced, chatBody(MODELS.dummy, ALL_WORDS, true));
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

async function converse(caller: Caller): Promise<Transcript> {
  const transcript = new Transcript();
  const startedAt = performance.now();
  const id = await caller.say(MODELS.paced, QUESTION);
  await caller.watch(id, (event) => transcript.read(event));
  transcript.durationMs = performance.now() - startedAt;
  return transcript;
}

const QUESTION = JSON.parse(chatBody(MODELS.paced, 1)).messages[0].content as string;
