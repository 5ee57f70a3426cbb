/** How long anything waits for the one thread of Lumen while it does all that it has to do at once. */
import { chores } from './chores.ts';
import type { Table } from './figures.ts';
import { ask, connect, type Target } from './load.ts';
import { chatBody, METRICS_TOKEN, MODELS, type Setting } from './setting.ts';

/** At a word each 50 ms they last longer than all the rest takes. */
const WORDS = 160;

export async function eventLoop(setting: Setting): Promise<Table> {
  const streams = setting.pace.isQuick ? 100 : 500;
  const { lumen } = setting;
  const clients = Array.from({ length: streams }, () => connect(lumen));
  // Connecting so many at once is not what is measured.
  const short = chatBody(MODELS.dummy, 1, true);
  await Promise.all(clients.map((client) => ask(client, lumen, short)));
  await readDelays(lumen);
  const body = chatBody(MODELS.calm, WORDS, true);
  const answers = Promise.all(clients.map((client) => ask(client, lumen, body)));
  for (let round = 0; round < setting.pace.rounds; round += 1) await chores(setting);
  await answers;
  const { mean, p99, max } = await readDelays(lumen);
  await Promise.all(clients.map((client) => client.close()));
  return {
    name: 'eventLoop',
    title: 'Delay of the event loop under streams, uploads, usage and saves of the configuration',
    columns: ['streams', 'mean ms', 'p99 ms', 'max ms'],
    rows: [[streams, mean, p99, max]],
  };
}

interface Delays {
  readonly mean: number;
  readonly p99: number;
  readonly max: number;
}

/** In ms, since they were read before; they hold the 10 ms after which Node looks at the clock again. */
export async function readDelays({ origin }: Target): Promise<Delays> {
  const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
  const text = await (await fetch(`${origin}/metrics`, { headers })).text();
  const figure = (name: string) =>
    1000 * Number(new RegExp(`eventloop_lag_${name}_seconds ([\\d.e-]+)`).exec(text)?.[1]);
  return { mean: figure('mean'), p99: figure('p99'), max: figure('max') };
}
