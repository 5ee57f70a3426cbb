/**
 * `node bench/page.ts`: how fast the chat page is on a slow machine. Chromium, its processor slowed down, opens a long
 * conversation, follows an answer in it, and a very long answer alone. It judges nothing; build first.
 *   --slower N    times that the processor is slower (4)
 *   --messages N  in the long conversation (1000)
 *   --words N     of the very long answer (20000)
 *   --only PART   one part: opening, reading or growing; may be repeated
 */
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { PageMeter } from '../test/support/page-meter.ts';
import { median, quantile, type Table, textOf } from './figures.ts';
import { begin, converse, openSetting, type Setting, writes } from './page-setting.ts';

const { values } = parseArgs({
  options: {
    slower: { type: 'string', default: '4' },
    messages: { type: 'string', default: '1000' },
    words: { type: 'string', default: '20000' },
    only: { type: 'string', multiple: true, default: ['opening', 'reading', 'growing'] },
  },
});

const ROUNDS = 5;
/** In words per second. */
const READING_PACE = 100;
const GROWING_PACE = 1_000;
const READING_SECONDS = 10;
const ANSWER_MS_MAX = 300_000;

/** The page notes when it is ready, that is the last answer drawn in full and a field that takes words; and its frames. */
const NOTE = `
  globalThis.noted = { frames: [], longTasks: [], readyAt: undefined };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) noted.longTasks.push(duration);
  }).observe({ type: 'longtask' });
  const isReady = () =>
    document.querySelector('[role="log"] section:last-of-type .markdown') !== null &&
    document.querySelector('main textarea:not(:disabled)') !== null;
  const frame = (now) => {
    noted.frames.push(now);
    if (noted.readyAt === undefined && isReady()) noted.readyAt = performance.now();
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);`;

interface Noted {
  readonly frames: readonly number[];
  readonly longTasks: readonly number[];
  readonly readyAt: number;
}

/** A page, what it costs, and what it looks at. */
interface Reader {
  readonly page: Page;
  readonly meter: PageMeter;
  readonly setting: Setting;
}

interface Opened {
  readonly readyMs: number;
  readonly workMs: number;
  readonly longestMs: number;
}

const noted = (page: Page) => page.evaluate<Noted>('({ ...noted })');

async function opened({ page, meter }: Reader, from = { at: 0, workMs: 0 }): Promise<Opened> {
  await page.waitForFunction('noted.readyAt !== undefined');
  const workMs = (await meter.workMs()) - from.workMs;
  const { readyAt, longTasks } = await noted(page);
  return { readyMs: readyAt - from.at, workMs, longestMs: Math.max(0, ...longTasks) };
}

/** From the first moment of a page that is loaded anew; its files are in the browser's cache. */
async function load(reader: Reader, id: string): Promise<Opened> {
  await reader.page.goto(`${reader.setting.origin}/c/${id}`);
  return opened(reader);
}

/** From the click on its name in the list of an empty chat. */
async function choose(reader: Reader, id: string): Promise<Opened> {
  const { page, meter, setting } = reader;
  await page.goto(setting.origin);
  const link = `nav a[href="/c/${id}"]`;
  await page.locator(link).first().waitFor();
  const workMs = await meter.workMs();
  const at = await page.evaluate<number>(`(() => {
    Object.assign(noted, { longTasks: [], readyAt: undefined });
    const now = performance.now();
    document.querySelector('${link}').click();
    return now;
  })()`);
  return opened(reader, { at, workMs });
}

async function opening(reader: Reader, id: string): Promise<Table> {
  const row = async (how: string, open: () => Promise<Opened>) => {
    const rounds: Opened[] = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await open());
    const ready = rounds.map(({ readyMs }) => readyMs);
    const work = rounds.map(({ workMs }) => workMs);
    const longest = Math.max(...rounds.map(({ longestMs }) => longestMs));
    return [how, median(ready), Math.min(...ready), median(work), longest];
  };
  return {
    name: 'opening',
    title: `${values.messages} messages: until the last answer is drawn and the field takes words`,
    columns: ['way', 'median ms', 'least ms', 'work ms', 'longest task ms'],
    rows: [
      await row('chosen in the list', () => choose(reader, id)),
      await row('loaded anew', () => load(reader, id)),
    ],
  };
}

/** Has an answer written; gives its growing text in the page as soon as there is any. */
async function hear(reader: Reader, id: string, words: number, pace: number) {
  await load(reader, id);
  reader.setting.model.answerNext(writes(words, pace));
  await begin(reader.setting, id);
  const growing = reader.page.locator('article[aria-busy="true"] .markdown');
  await growing.waitFor();
  return growing;
}

/** Frames between the first and the last words of an answer at the end of the long conversation. */
async function reading(reader: Reader, id: string): Promise<Table> {
  const { page } = reader;
  const growing = await hear(reader, id, READING_SECONDS * READING_PACE, READING_PACE);
  await page.evaluate('void Object.assign(noted, { frames: [], longTasks: [] })');
  await growing.waitFor({ state: 'detached', timeout: ANSWER_MS_MAX });
  const { frames, longTasks } = await noted(page);
  const gaps = frames.slice(1).map((at, place) => at - (frames[place] ?? at));
  const seconds = ((frames.at(-1) ?? 0) - (frames[0] ?? 0)) / 1_000;
  const spread = [median(gaps), quantile(gaps, 0.99), Math.max(...gaps)];
  return {
    name: 'reading',
    title: `An answer of ${READING_PACE} words/s in it`,
    columns: ['seconds', 'frames/s', 'gap p50 ms', 'gap p99 ms', 'longest ms', 'long tasks'],
    rows: [[seconds, gaps.length / seconds, ...spread, longTasks.length]],
  };
}

interface Sample {
  readonly bytes: number;
  readonly drawMs: number;
  readonly nodes: number;
}

/** What each stretch of a very long answer costs the page, and how much came over the wire for it. */
async function growing(reader: Reader): Promise<Table> {
  const { meter, setting } = reader;
  const text = await hear(reader, await begin(setting), Number(values.words), GROWING_PACE);
  const samples: Sample[] = [];
  const ended = text.waitFor({ state: 'detached', timeout: ANSWER_MS_MAX }).then(() => true);
  do {
    samples.push({
      bytes: meter.heard.bytes,
      drawMs: await meter.drawMs(),
      nodes: await meter.nodes(),
    });
  } while (!(await Promise.race([ended, reader.page.waitForTimeout(250)])));
  const { bytes, nodes } = samples.at(-1) ?? { bytes: Number.NaN, nodes: null };
  const start = samples[0]?.bytes ?? 0;
  const reached = (share: number) =>
    samples.find((each) => each.bytes >= start + share * (bytes - start));
  const perKb = (from: number, to: number) => {
    const [first, last] = [reached(from), reached(to)];
    if (!first || !last) return Number.NaN;
    return (last.drawMs - first.drawMs) / ((last.bytes - first.bytes) / 1_000);
  };
  const ends = [perKb(0, 0.25), perKb(0.75, 1)] as const;
  return {
    name: 'growing',
    title: `An answer of ${values.words} words, ${GROWING_PACE} a second`,
    columns: ['drawing ms/KB: first quarter', 'last quarter', 'ratio', 'nodes', 'KB on the wire'],
    rows: [[...ends, ends[1] / ends[0], nodes, bytes / 1_000]],
  };
}

async function measure(show: (table: Table) => void): Promise<void> {
  await using closing = new AsyncDisposableStack();
  const setting = await openSetting(NOTE, closing);
  const page = await setting.context.newPage();
  const reader = { page, meter: await PageMeter.open(page), setting };
  await page.goto(`${setting.origin}/devlogin`);
  const session = await setting.context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: Number(values.slower) });
  const id = await converse(setting, Number(values.messages));
  await load(reader, id);
  if (values.only.includes('opening')) show(await opening(reader, id));
  if (values.only.includes('reading')) show(await reading(reader, id));
  if (values.only.includes('growing')) show(await growing(reader));
}

console.log(`A processor ${values.slower} times slower\n`);
await measure((table) => console.log(`${textOf(table)}\n`));
