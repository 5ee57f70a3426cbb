import { sql } from 'kysely';
import type { Context } from '../context.ts';
import type { FailureCode } from '../kernel/failure.ts';
import type { UsageReport } from './usage-report.ts';
import { overseer } from './usage-scope.ts';

export interface EndpointErrors {
  readonly model: string;
  /** Null for requests that reached none. */
  readonly endpointId: string | null;
  /** Host and port; null when the configuration has no such endpoint any more. */
  readonly host: string | null;
  readonly code: FailureCode;
  readonly errors: number;
}

/** Everybody's failed requests by where and how they failed, the most frequent first. @throws Failure FORBIDDEN */
export async function endpointErrors(
  ctx: Pick<Context, 'actor' | 'config' | 'sql'>,
  { from, to, model }: UsageReport,
): Promise<readonly EndpointErrors[]> {
  overseer(ctx);
  const endpoints = [...ctx.config.models.values()].flatMap((configured) => configured.endpoints);
  const hosts = new Map(endpoints.map(({ id, host }) => [id, host]));
  const { rows } = await sql<Omit<EndpointErrors, 'host'>>`
    select model, nullif(endpoint_id, '') as "endpointId", failure_code as code, sum(failures)::float8 as errors
    from endpoint_failure
    where at >= ${from} and at < ${to} and ${model === null ? sql`true` : sql`model = ${model}`}
    group by 1, 2, 3 order by errors desc, 1, 2, 3`.execute(ctx.sql);
  return rows.map((row) => ({ ...row, host: hosts.get(row.endpointId ?? '') ?? null }));
}
