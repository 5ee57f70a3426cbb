import { sql } from 'kysely';
import type { Context } from '../context.ts';
import { VERSION } from '../kernel/version.ts';

/** Enough to see what a process hangs on; no text of anybody, no statement, no environment. */
export async function diagnosis(ctx: Context): Promise<string> {
  const { config, parts } = ctx;
  const sections = [
    [`lumen ${VERSION}`, `node ${process.version}`, `configuration ${config.generation}`],
    [`up ${Math.round(process.uptime())} s`, `replica ${parts.replica.id}`],
    memory(),
    counted('open requests', parts.replica.openIds.length),
    ...(await sessions(ctx)),
    ...resources(),
  ];
  return `${sections.map((words) => words.join(' · ')).join('\n')}\n`;
}

const counted = (what: string, count: number): string[] => [`${what}: ${count}`];

function memory(): string[] {
  const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`;
  const { rss, heapUsed, external } = process.memoryUsage();
  return [
    `memory ${megabytes(rss)}`,
    `heap ${megabytes(heapUsed)}`,
    `outside ${megabytes(external)}`,
  ];
}

/** The sessions that all Lumens have at the database, and how long the longest of each kind has been so. */
async function sessions({ sql: connection, log }: Context): Promise<string[][]> {
  try {
    const { rows } = await sql<{ state: string; wait: string; sessions: number; seconds: number }>`
      select coalesce(state, 'unknown') as state, coalesce(wait_event, 'nothing') as wait,
        count(*)::int as sessions, max(extract(epoch from now() - state_change))::float8 as seconds
      from pg_stat_activity where datname = current_database() and application_name = 'lumen'
      group by 1, 2 order by 3 desc`.execute(connection);
    return rows.map(({ state, wait, sessions: count, seconds }) => [
      `database sessions: ${count}`,
      state,
      `waiting for ${wait}`,
      `up to ${Math.round(seconds)} s`,
    ]);
  } catch (error) {
    log.warn({ err: error }, 'the database could not be measured');
    return [['the database does not answer']];
  }
}

/** What keeps the event loop busy: Node's counterpart of a dump of threads. */
function resources(): string[][] {
  const counts = Map.groupBy(process.getActiveResourcesInfo(), (name) => name);
  return [...counts].map(([name, all]) => counted(`active ${name}`, all.length));
}
