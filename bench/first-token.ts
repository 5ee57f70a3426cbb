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
  const { rounds, isQuick } = setting.pace;
  const rows: Cell[][] = [];
  for (const { callers, each } of [
    { callers: 1, each: isQuick ? 4 : 8 },
    { callers: 16, each: isQuick ? 2 : 4 },
  ]) {
    const ways = waysOf(setting).map((way) => ({ ...way, samples: noSamples() }));
    for (let round = 0; round < rounds; round += 1)
      for (const way of ways) await sample(way, callers, each);
    const [direct] = ways;
    for (const { name, samples } of ways)
      rows.push([
        callers,
        name,
        ...(['firstByte', 'firstText'] as const).flatMap((kind) =>
          [0.5, 0.95].map((share) => added(samples[kind], direct?.samples[kind], share)),
        ),
        samples.firstText.length,
      ]);
  }
  return {
    name: 'firstToken',
    title: `Time to first token, with streams of a word each ${WORD_MS} ms: direct, and what Lumen adds to it`,
    columns: [
      'streams',
      'through',
      'byte p50 ms',
      'byte p95 ms',
      'text p50 ms',
      'text p95 ms',
      'samples',
    ],
    rows,
  };
}

const noSamples = (): Samples => ({ firstByte: [], firstText: [] });

function added(
  ours: readonly number[],
  direct: readonly number[] | undefined,
  share: number,
): number | null {
  if (ours.length === 0 || !direct) return null;
  return quantile(ours, share) - (ours === direct ? 0 : quantile(direct, share));
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
