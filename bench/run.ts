/**
 * `npm run bench`: what Lumen costs beside a bare proxy and a direct call, from one run. bench/README.md explains the
 * figures. It judges nothing: machines differ, and what else they do.
 *   --quick        fewer and shorter windows
 *   --json         one JSON object instead of tables
 *   --only PART    one part: wholeAnswers, firstToken, streams, turns, turns1000, eventLoop or database; may be repeated
 *   --profile DIR  Lumen writes a profile of its processor time there; it is slower for that
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { database } from './database.ts';
import { eventLoop } from './event-loop.ts';
import { type Table, textOf } from './figures.ts';
import { firstToken } from './first-token.ts';
import { load } from './load.ts';
import { chatBody, MODELS, openSetting, type Pace, type Setting } from './setting.ts';
import { streams, wholeAnswers } from './throughput.ts';
import { turns, turns1000 } from './turns.ts';

const PARTS = { wholeAnswers, firstToken, streams, turns, turns1000, eventLoop, database };

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    profile: { type: 'string' },
    only: { type: 'string', multiple: true, default: Object.keys(PARTS) },
  },
});

const pace: Pace = {
  ...(values.quick ? { rounds: 2, windowMs: 400 } : { rounds: 5, windowMs: 1_000 }),
  isQuick: values.quick,
  profileDir: values.profile ?? null,
};

/**
 * Code is slow until V8 has compiled it well, on two busy cores after some 20,000 requests: that is not what the callers
 * of a gateway see that has run for a minute. The model server is warm with what stands before it.
 */
async function warmUp({ bare, lumen }: Setting): Promise<void> {
  const ms = pace.isQuick ? 2_000 : 12_000;
  for (const target of [bare, lumen])
    for (const isStream of [false, true])
      await load(target, chatBody(MODELS.dummy, 62, isStream), { callers: 64, ms });
}

async function measure(show: (table: Table) => void): Promise<void> {
  await using closing = new AsyncDisposableStack();
  const setting = await openSetting(pace, closing);
  await warmUp(setting);
  for (const [name, part] of Object.entries(PARTS))
    if (values.only.includes(name)) show(await part(setting));
}

const machine = `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`;
const tables: Table[] = [];
if (!values.json) console.log(`${machine}\n`);
await measure((table) => {
  tables.push(table);
  if (!values.json) console.log(`${textOf(table)}\n`);
});
if (values.json) {
  const parts = tables.map(({ name, columns, rows }) => [
    name,
    rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at] ?? null]))),
  ]);
  console.log(JSON.stringify({ machine, ...Object.fromEntries(parts) }, null, 2));
}
