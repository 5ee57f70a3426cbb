/** How much later the first words come because Lumen stands between. */
import { setTimeout as delay } from 'node:timers/promises';
import { Caller } from './caller.ts';
import { type Cell, quantile, type Table } from './figures.ts';
import { ask, connect, type Target } from './load.ts';
import { BRIEF_WORDS, chatBody, MODELS, type Setting, WORD_MS } from './setting.ts';

/** Each in ms after the request was sent. */
interface Samples {
  readonly firstByte: number[];
  readonly firstText: number[];
}

/** One caller: has one answer after another begin. */
interface Asker {
  ask(samples: Samples): Promise<void>;
  close(): Promise<void>;
}

interface Way {
  readonly name: string;
  readonly open: () => Promise<Asker>;
}

export async function firstToken(setting: Setting): Promise<Table> {
  const { isQuick } = setting.pace;
  await warmUp(setting);
  return {
    name: 'firstToken',
    title: `First byte and first text of streams with a word each ${WORD_MS} ms: direct, and what Lumen adds`,
    columns: [
      'streams',
      'through',
      'byte p50 ms',
      'byte p95 ms',
      'text p50 ms',
      'text p95 ms',
      'samples',
    ],
    rows: [
      ...(await compare(setting, 1, isQuick ? 4 : 6)),
      ...(await compare(setting, 16, isQuick ? 2 : 3)),
    ],
  };
}

/** Else one caller alone, who comes first, would measure how V8 compiles what only GraphQL needs. */
async function warmUp({ lumen, pace }: Setting): Promise<void> {
  const until = performance.now() + (pace.isQuick ? 2_000 : 12_000);
  const callers = await Promise.all(Array.from({ length: 16 }, () => Caller.open(lumen)));
  const turns = async (caller: Caller) => {
    while (performance.now() < until)
      await caller.watch(await caller.say(MODELS.dummy, 'Say something.'), () => undefined);
  };
  await Promise.all(callers.map(turns));
  await Promise.all(callers.map((caller) => caller.close()));
}

/** @param each so many answers for each caller and round */
async function compare(setting: Setting, callers: number, each: number): Promise<Cell[][]> {
  const ways = waysOf(setting).map((way) => ({ ...way, samples: noSamples() }));
  for (let round = 0; round < setting.pace.rounds; round += 1)
    for (const way of ways) await sample(way, callers, each);
  const direct = ways[0]?.samples ?? noSamples();
  return ways.map(({ name, samples: { firstByte, firstText } }) => [
    callers,
    name,
    ...quantilesOver(firstByte, direct.firstByte),
    ...quantilesOver(firstText, direct.firstText),
    firstText.length,
  ]);
}

const noSamples = (): Samples => ({ firstByte: [], firstText: [] });

/** p50 and p95 of the direct way itself; of the others, what they have more. */
function quantilesOver(samples: readonly number[], direct: readonly number[]): (number | null)[] {
  return [0.5, 0.95].map((share) => {
    if (samples.length === 0) return null;
    return quantile(samples, share) - (samples === direct ? 0 : quantile(direct, share));
  });
}

function waysOf({ paced, lumen }: Setting): readonly Way[] {
  const throughV1 = (target: Target, model: string) => async () => {
    const client = connect(target);
    const body = chatBody(model, BRIEF_WORDS, true);
    return {
      ask: async ({ firstByte, firstText }: Samples) => {
        const answered = await ask(client, target, body);
        firstByte.push(answered.firstByteMs ?? Number.NaN);
        firstText.push(answered.firstTextMs ?? Number.NaN);
      },
      close: () => client.close(),
    };
  };
  return [
    { name: 'direct', open: throughV1(paced, MODELS.dummy) },
    { name: 'Lumen /v1', open: throughV1(lumen, MODELS.brief) },
    { name: 'Lumen GraphQL', open: async () => throughGraphql(await Caller.open(lumen)) },
  ];
}

function throughGraphql(caller: Caller): Asker {
  return {
    ask: async ({ firstText }) => {
      const startedAt = performance.now();
      let isFirst = true;
      await caller.watch(await caller.say(MODELS.brief, 'Say something.'), (event) => {
        if (!isFirst || event.__typename !== 'MessageChunk' || event.content === '') return;
        isFirst = false;
        firstText.push(performance.now() - startedAt);
      });
    },
    close: () => caller.close(),
  };
}

/** So many callers at a time, their streams begun at different times as in life. */
async function sample(
  { open, samples }: Way & { readonly samples: Samples },
  callers: number,
  each: number,
): Promise<void> {
  const askers = await Promise.all(Array.from({ length: callers }, open));
  // The first answer on a new connection is not counted.
  await Promise.all(
    askers.map(async (asker, at) => {
      await delay((at * BRIEF_WORDS * WORD_MS) / callers);
      await asker.ask(noSamples());
      for (let count = 0; count < each; count += 1) await asker.ask(samples);
    }),
  );
  await Promise.all(askers.map((asker) => asker.close()));
}
