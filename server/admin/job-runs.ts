/** How jobs went the last time, on whichever replica: kept in the database, so that all tell the same. */
import { sql } from 'kysely';
import type { Context } from '../context.ts';

export interface JobRun {
  readonly name: string;
  readonly everySeconds: number;
  /** Of the run that ended last; null before that. */
  readonly endedAt: Date | null;
  readonly durationMs: number | null;
  readonly outcome: 'DONE' | 'FAILED' | null;
  readonly startedAt: Date;
  /** At the latest: each replica has a clock of its own. */
  readonly nextAt: Date;
}

type Recorded = Pick<Context, 'sql' | 'parts'>;

/** Does a job, and writes down that it began and how it ended. Its failure is thrown on. */
export async function recordRun(
  { sql: connection, parts }: Recorded,
  { name, everyMs }: { readonly name: string; readonly everyMs: number },
  job: () => Promise<void>,
): Promise<void> {
  await sql`
    insert into job_run (name, every_seconds, replica_id, started_at)
    values (${name}, ${everyMs / 1000}, ${parts.replica.id}, now())
    on conflict (name) do update set every_seconds = excluded.every_seconds,
      replica_id = excluded.replica_id, started_at = excluded.started_at`.execute(connection);
  const ended = (outcome: JobRun['outcome']) =>
    sql`
      update job_run set outcome = ${outcome}, ended_at = now(),
        duration_ms = extract(epoch from now() - started_at) * 1000
      where name = ${name}`.execute(connection);
  try {
    await job();
  } catch (error) {
    // Why the job failed matters more than that this could not be written.
    await ended('FAILED').catch(() => undefined);
    throw error;
  }
  await ended('DONE');
}

export async function jobRuns({ sql: connection }: Pick<Context, 'sql'>): Promise<JobRun[]> {
  const { rows } = await sql<
    Omit<JobRun, 'startedAt' | 'endedAt' | 'nextAt'> & {
      startedAt: string;
      endedAt: string | null;
      nextAt: string;
    }
  >`
    select name, every_seconds as "everySeconds", started_at as "startedAt", ended_at as "endedAt",
      duration_ms as "durationMs", outcome, started_at + make_interval(secs => every_seconds) as "nextAt"
    from job_run order by every_seconds, name`.execute(connection);
  return rows.map(({ startedAt, endedAt, nextAt, ...run }) => ({
    ...run,
    startedAt: new Date(startedAt),
    endedAt: endedAt === null ? null : new Date(endedAt),
    nextAt: new Date(nextAt),
  }));
}

/** Removes what an older release did and nobody does any more. */
export async function sweepJobRuns({ sql: connection }: Pick<Context, 'sql'>): Promise<void> {
  await sql`delete from job_run where started_at < now() - interval '30 days'`.execute(connection);
}
