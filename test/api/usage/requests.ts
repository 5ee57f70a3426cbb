// Requests that were made at known times, and the sums of them that Lumen would have written as they settled.
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { expect, vi } from 'vitest';
import type { Sql } from '../../../server/db/orm.ts';
import { rollUpUsage } from '../../../server/usage/roll-up.ts';
import type { Person } from '../../support/actors.ts';
import type { TestApp } from '../../support/app.ts';

export interface Request {
  readonly accountId: string;
  readonly at: string;
  readonly model?: string;
  readonly source?: 'chat' | 'api';
  readonly apiKeyId?: string | null;
  readonly endpointId?: string | null;
  readonly outcome?: 'finished' | 'failed';
  readonly inputTokens?: number;
  readonly cost?: number;
}

/** Writes down requests, the sums of them too, and forgets the rollups, which are of times that are over. */
export async function logs(app: TestApp, requests: readonly Request[]): Promise<void> {
  const rows = requests.map((request) => ({
    model: 'fake',
    source: 'chat',
    apiKeyId: null,
    endpointId: null,
    outcome: 'finished',
    inputTokens: 1,
    cost: 1,
    ...request,
  }));
  await app.rows(
    `insert into request_log (id, at, account_id, api_key_id, model, endpoint_id, source, outcome, failure_code,
        input_tokens, cached_input_tokens, output_tokens, reasoning_tokens, cost, duration_ms)
      select gen_random_uuid(), at, "accountId", "apiKeyId", model, "endpointId", source, outcome,
        case outcome when 'failed' then 'UPSTREAM_FAILED' end, "inputTokens", "inputTokens" / 2, "inputTokens" * 3,
        "inputTokens" / 3, cost, 5
      from jsonb_to_recordset($1) as r (at timestamptz, "accountId" uuid, "apiKeyId" uuid, model text,
        "endpointId" text, source text, outcome text, "inputTokens" int, cost bigint)`,
    JSON.stringify(rows),
  );
  await rolledUpAtStart(app);
  await app.rows('delete from usage_slice');
  await app.rows('delete from endpoint_failure');
  await app.rows(SLICES);
  await app.rows(FAILURES);
  await app.rows('delete from usage_rolled');
  await app.rows('delete from usage_rollup');
}

const SLICES = `
  insert into usage_slice (account_id, at, model, source, api_key_id, requests, errors, input_tokens,
    cached_input_tokens, output_tokens, reasoning_tokens, cost)
  select account_id, date_bin('15 minutes', at, 'epoch'), model, source,
    coalesce(api_key_id, '00000000-0000-0000-0000-000000000000'), count(*),
    count(*) filter (where outcome = 'failed'), sum(input_tokens), sum(cached_input_tokens), sum(output_tokens),
    sum(reasoning_tokens), sum(cost)
  from request_log group by 1, 2, 3, 4, 5`;

const FAILURES = `
  insert into endpoint_failure
  select date_bin('15 minutes', at, 'epoch'), model, coalesce(endpoint_id, ''), failure_code, count(*)
  from request_log where outcome = 'failed' group by 1, 2, 3, 4`;

type Database = Pick<TestApp, 'databaseUrl'>;

/** Waits until the job has run as a process does when it starts, so that it is not at it while a test is. */
export const rolledUpAtStart = (app: Pick<TestApp, 'rows'>): Promise<void> =>
  vi.waitFor(async () => {
    const ended = `select from job_run where name = 'rolling up usage' and ended_at >= started_at`;
    expect(await app.rows(ended)).toHaveLength(1);
  }, 15_000);

/** The job's own work, done now. */
export async function rollsUp(app: Database): Promise<void> {
  await withSql(app, (sql) => rollUpUsage({ sql }));
}

export async function withSql(app: Database, work: (sql: Sql) => Promise<unknown>): Promise<void> {
  const pool = new pg.Pool({ connectionString: app.databaseUrl });
  const connection = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    await work(connection);
  } finally {
    await connection.destroy();
  }
}

export async function idOf(person: Person): Promise<string> {
  return (await person.asks<{ viewer: { id: string } }>('{ viewer { id } }')).viewer.id;
}

/** Moments from one to another, so far apart. */
export function every(minutes: number, from: string, to: string): string[] {
  const times: string[] = [];
  for (let at = Date.parse(from); at < Date.parse(to); at += minutes * 60_000)
    times.push(new Date(at).toJSON());
  return times;
}

export interface Sums {
  readonly requests: number;
  readonly errors: number;
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
  readonly cost: string;
}

const SUMS = 'requests errors inputTokens cachedInputTokens outputTokens reasoningTokens cost';

export interface Report {
  readonly from: string;
  readonly to: string;
  readonly unit: string;
  readonly totals: Sums;
  readonly overTime: readonly (Sums & { readonly start: string })[];
  readonly byModel: readonly (Sums & { readonly model: string })[];
  readonly bySource: readonly (Sums & { readonly source: string })[];
  /** Of one account only. */
  readonly byKey?: readonly (Sums & { readonly id: string | null; readonly name: string | null })[];
  /** Of everyone or a group only. */
  readonly byAccount?: { readonly nodes: readonly (Sums & { readonly id: string })[] };
  readonly heatmap: readonly (readonly number[])[];
}

export const FIELDS = `from to unit totals { ${SUMS} } overTime { start ${SUMS} } byModel { model ${SUMS} }
  bySource { source ${SUMS} } heatmap`;
export const BY_KEY = `byKey { id name ${SUMS} }`;
export const BY_ACCOUNT = `byAccount(first: 50) { nodes { id ${SUMS} } }`;

export async function reportOf<T = Report>(
  person: Person,
  filter: object,
  fields = FIELDS,
): Promise<T> {
  const query = `query ($filter: UsageFilter) { usage(filter: $filter) { ${fields} } }`;
  return (await person.asks<{ usage: T }>(query, { filter })).usage;
}

export const refusalOf = (person: Person, filter: object, fields = 'totals { requests }') =>
  person.refusal(`query ($filter: UsageFilter) { usage(filter: $filter) { ${fields} } }`, {
    filter,
  });
