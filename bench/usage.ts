/**
 * `node bench/usage.ts`: how long the figures of usage take after a year in which 10,000 accounts made ten million
 * requests. It needs no build: it starts a PostgreSQL of its own in a temporary folder, and removes it afterwards.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { pino } from 'pino';
import { endpointErrors } from '../server/analytics/endpoint-errors.ts';
import { rollUpCohorts } from '../server/analytics/roll-up-cohorts.ts';
import { usageByAccount, usageByGroup } from '../server/analytics/spenders.ts';
import {
  usageByKey,
  usageByModel,
  usageBySource,
  usageHeatmap,
  usageInAll,
  usageOverTime,
} from '../server/analytics/usage-figures.ts';
import { type UsageFilter, usageReport } from '../server/analytics/usage-report.ts';
import { parseConfig } from '../server/config/load.ts';
import type { Actor } from '../server/context.ts';
import { startEmbedded } from '../server/db/embedded.ts';
import { migrate } from '../server/db/migrate.ts';
import { PreparingClient } from '../server/db/preparing-client.ts';
import { rollUpUsage } from '../server/usage/roll-up.ts';
import { quantile, textOf } from './figures.ts';

const ROUNDS = 11;
const SLICES = 1_200_000;

/** Accounts, of which the last one is a program that asks all day; most requests are those of few people. */
const FILL = [
  `set work_mem = '512MB'`,
  `insert into account (id, kind, email, name, slug, created_at)
    select gen_random_uuid(), case when n = 10000 then 'project' else 'person' end,
      case when n < 10000 then 'person' || n || '@example.org' end, 'Account ' || n,
      case when n = 10000 then 'busy' end, now() - n * interval '1 hour' from generate_series(1, 10000) n`,
  `create temporary table someone as select row_number() over (order by name) - 1 as n, id from account where kind = 'person'`,
  `insert into group_member (group_name, account_id, origin) select 'lab', id, 'manual' from someone where n < 200`,
  `insert into group_member (group_name, account_id, origin) select 'staff', id, 'manual' from someone where n < 2000`,
  'drop index usage_slice_at',
  `insert into usage_slice (account_id, at, model, source, api_key_id, requests, errors, input_tokens, output_tokens, cost)
    select s.id, date_bin('15 minutes', now() - r.age * interval '365 days', 'epoch'), 'model-' || r.model, r.source,
      case r.source when 'api' then s.id else '00000000-0000-0000-0000-000000000000' end, 8, 0, 8000, 2400, 12000
    from (select floor(9999 * random() * random())::int as n, random() as age, floor(10 * random() * random())::int as model,
        case when random() < 0.5 then 'api' else 'chat' end as source from generate_series(1, ${SLICES})) r
    join someone s using (n) order by 1, 2 on conflict do nothing`,
  `insert into usage_slice (account_id, at, model, source, api_key_id, requests, input_tokens, output_tokens, cost)
    select a.id, t, 'model-' || m, 'api', a.id, 5, 5000, 900, 9000
    from account a, generate_series(date_trunc('day', now()) - interval '365 days', now(), '15 minutes') t,
      generate_series(1, 2) m where kind = 'project'`,
  'create index usage_slice_at on usage_slice (at)',
  // Requests are settled one after another, so that is how their slices lie on the disk.
  'cluster usage_slice using usage_slice_at',
  `insert into endpoint_failure select date_bin('15 minutes', now() - n * interval '5 minutes', 'epoch'), 'model-' || n % 10,
      'endpoint-' || n % 20, 'UPSTREAM_FAILED', 1 from generate_series(1, 100000) n on conflict do nothing`,
];

await using closing = new AsyncDisposableStack();
const folder = await mkdtemp(join(tmpdir(), 'lumen-bench-'));
closing.defer(() => rm(folder, { recursive: true, force: true }));
const database = await startEmbedded(join(folder, 'data'), pino({ level: 'warn' }));
closing.defer(() => database.stop());
await migrate(database.url);
pg.types.setTypeParser(pg.types.builtins.INT8, BigInt);
const pool = new pg.Pool({ connectionString: database.url, max: 1, Client: PreparingClient });
const connection = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
closing.defer(() => connection.destroy());
// A connection that is not gone yet is told that the database stops.
pool.on('error', () => undefined);

for (const statement of FILL) await sql.raw(statement).execute(connection);
await rollUpUsage({ sql: connection });
const file = { version: 2, models: [], groups: { default: {}, staff: {}, lab: {} } };
const { config } = await parseConfig(JSON.stringify(file), { file: '-', env: {}, generation: 1 });
await rollUpCohorts({ sql: connection, config });
await sql`reset work_mem`.execute(connection);
await sql`vacuum analyze`.execute(connection);
const { rows: sizes } = await sql<Record<string, bigint>>`
  select (select sum(requests)::int8 from usage_slice) as requests, (select count(*) from usage_slice) as slices,
    (select count(*) from usage_rollup) as rollups, (select count(*) from usage_cohort_rollup) as "rollups of groups"`.execute(
  connection,
);
console.log(
  Object.entries(sizes[0] ?? {})
    .map(([name, count]) => `${count} ${name}`)
    .join(', '),
);

const { rows: accounts } = await sql<{ id: string; kind: string }>`
  select a.id, a.kind from account a join usage_slice s on s.account_id = a.id
  group by a.id order by a.kind desc, count(*) desc limit 2`.execute(connection);
const actor: Actor = {
  accountId: accounts[0]?.id ?? '',
  kind: 'person',
  name: 'Admin',
  email: 'admin@example.org',
  slug: null,
  isAdmin: true,
  groups: [],
  acknowledged: new Map(),
  limit: null,
  hasMonthlyLimit: false,
  apiKeyId: null,
  keyTerms: null,
  session: null,
};
const ctx = { actor, config, sql: connection };

const figures = {
  totals: usageInAll,
  overTime: usageOverTime,
  byModel: usageByModel,
  bySource: usageBySource,
  heatmap: usageHeatmap,
};
const forOne = { byKey: usageByKey };
const forMany = {
  byAccount: (unit: typeof ctx, report: Report) =>
    usageByAccount(unit, report, { first: 20, after: null }),
  byGroup: usageByGroup,
  endpointErrors,
};
type Report = Awaited<ReturnType<typeof usageReport>>;
type Figure = (unit: typeof ctx, report: Report) => Promise<unknown>;

const scopes: Readonly<Record<string, UsageFilter>> = {
  own: {},
  project: { account: accounts.find(({ kind }) => kind === 'project')?.id ?? null },
  everyone: { everyone: true },
  'one model': { everyone: true, model: 'model-1' },
  'group of 200': { group: 'lab' },
  'group of 2,000': { group: 'staff' },
  'group of 2,000, one model': { group: 'staff', model: 'model-1' },
  'all people as a group': { group: 'default' },
};

async function row(scope: string, filter: UsageFilter, name: string, figure: Figure) {
  const report = await usageReport(ctx, filter);
  const samples: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    await figure(ctx, report);
    samples.push(performance.now() - start);
  }
  const { period, timeZone } = filter;
  return [scope, period ?? '', timeZone ?? '', name, Math.min(...samples), quantile(samples, 0.5)];
}

const rows = [];
for (const [scope, filter] of Object.entries(scopes))
  for (const timeZone of ['Europe/Berlin', 'Asia/Kolkata'])
    for (const period of ['week', 'month', 'year', 'all'] as const)
      for (const [name, figure] of Object.entries({
        ...figures,
        ...(filter.everyone || filter.group ? forMany : forOne),
      }))
        rows.push(await row(scope, { ...filter, period, timeZone }, name, figure));
const columns = ['scope', 'period', 'time zone', 'figure', 'shortest ms', 'p50 ms'];
console.log(textOf({ name: 'usage', title: 'Figures of usage', columns, rows }));
const worst = Math.max(...rows.map((cells) => Number(cells.at(-2))));
console.log(`the slowest takes ${worst.toFixed(0)} ms at its best`);
