/** Figures of a report; each is one statement. */
import { type RawBuilder, sql } from 'kysely';
import type { Context } from '../context.ts';
import { NO_COINS } from '../kernel/coins.ts';
import { NIL, type UsageSums } from '../usage/usage-sums.ts';
import { sumsBy, sumsOf } from './sums-by.ts';
import type { UsageReport } from './usage-report.ts';

type Unit = Pick<Context, 'config' | 'sql'>;

export interface UsageBucket extends UsageSums {
  readonly start: Date;
}

export interface ModelUsage extends UsageSums {
  readonly model: string;
}

export interface SourceUsage extends UsageSums {
  readonly source: 'chat' | 'api';
}

/** Nulls are for what was used without a key. */
export interface KeyUsage extends UsageSums {
  readonly id: string | null;
  readonly name: string | null;
  readonly hint: string | null;
}

const NOTHING: UsageSums = {
  requests: 0,
  errors: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  audioSeconds: 0,
  cost: NO_COINS,
};

const KEYS_MAX = 500;

const whole = ({ from, to }: UsageReport) => [{ from: from.getTime(), to: to.getTime() }];

export async function usageInAll(ctx: Unit, report: UsageReport): Promise<UsageSums> {
  const { rows } = await sql<UsageSums>`${sumsBy(ctx, report, whole(report), null)}`.execute(
    ctx.sql,
  );
  return rows[0] ?? NOTHING;
}

/** Each bucket of the report, those in which nothing was used too. */
export async function usageOverTime(
  ctx: Unit,
  report: UsageReport,
): Promise<readonly UsageBucket[]> {
  const { rows } = await sql<UsageSums & { bucket: number }>`
    ${sumsBy(ctx, report, report.buckets, 'bucket')}`.execute(ctx.sql);
  const byBucket = new Map(rows.map((row) => [row.bucket, row]));
  return report.buckets.map(({ from }, bucket) => ({
    ...(byBucket.get(bucket) ?? NOTHING),
    start: new Date(from),
  }));
}

/** The most used first. */
export async function usageByModel(ctx: Unit, report: UsageReport): Promise<readonly ModelUsage[]> {
  const { rows } = await sql<ModelUsage>`
    ${sumsBy(ctx, report, whole(report), 'model')} order by requests desc, model`.execute(ctx.sql);
  return rows;
}

export async function usageBySource(
  ctx: Unit,
  report: UsageReport,
): Promise<readonly SourceUsage[]> {
  const { rows } = await sql<SourceUsage>`
    ${sumsBy(ctx, report, whole(report), 'source')} order by source desc`.execute(ctx.sql);
  return rows;
}

/** The most expensive first. Of one account: thousands of keys of many say nothing, and would cost a scan. */
export async function usageByKey(ctx: Unit, report: UsageReport): Promise<readonly KeyUsage[]> {
  if (report.scope.kind !== 'account') return [];
  const { rows } = await sql<KeyUsage>`
    select nullif(u.api_key_id, ${NIL}) as id, k.name, k.hint, u.*
    from (${sumsBy(ctx, report, whole(report), 'api_key_id')}) u left join api_key k on k.id = u.api_key_id
    order by u.cost desc, u.requests desc, u.api_key_id limit ${KEYS_MAX}`.execute(ctx.sql);
  return rows;
}

const WEEK_DAYS = 7;
const DAY_HOURS = 24;
const HOUR_QUARTERS = 4;
const WEEK_QUARTERS = WEEK_DAYS * DAY_HOURS * HOUR_QUARTERS;

/**
 * Requests by weekday, Monday first, and hour of the day, as the clock of the time zone showed them. Sums of days know
 * their quarters of an hour; the clock is asked once for a day of all accounts, unless it is changed on it.
 */
export async function usageHeatmap(
  ctx: Unit,
  report: UsageReport,
): Promise<readonly (readonly number[])[]> {
  // Counted from a Monday on.
  const local = (moment: RawBuilder<unknown>) =>
    sql`floor(extract(epoch from ${moment} at time zone ${report.timeZone} - timestamp '1969-12-29') / 900)::int8`;
  const { rows } = await sql<{ quarter: number; requests: number }>`
    with summed as materialized (
      select at, sign, coalesce(quarters, '{0}') as quarters, coalesce(quarter_requests, array[requests]) as counts
      from ${sumsOf(ctx, report, whole(report), null, ['day'])}
    ), day as materialized (
      select at, ${local(sql`at`)} as first, ${local(sql`(at + interval '24 hours')`)} = ${local(sql`at`)} + 96 as is_even
      from (select distinct at from summed) d
    )
    select ((case when is_even then first + quarter else ${local(sql`(at + quarter * interval '15 minutes')`)} end)
      % ${WEEK_QUARTERS})::int as quarter, sum(sign * count)::float8 as requests
    from (
      select at, first, is_even, sign, unnest(quarters) as quarter, unnest(counts) as count
      from summed join day using (at)
    ) s
    group by 1`.execute(ctx.sql);
  const hours = new Array<number>(WEEK_DAYS * DAY_HOURS).fill(0);
  for (const { quarter, requests } of rows) {
    const hour = Math.floor(quarter / HOUR_QUARTERS);
    hours[hour] = (hours[hour] ?? 0) + requests;
  }
  return Array.from({ length: WEEK_DAYS }, (_, day) =>
    hours.slice(day * DAY_HOURS, (day + 1) * DAY_HOURS),
  );
}
