import { sql } from 'kysely';
import type { Context } from '../context.ts';
import type { UsageReport } from './usage-report.ts';
import { overseer } from './usage-scope.ts';

export interface PeopleBucket {
  readonly start: Date;
  /** Who signed in for the first time. */
  readonly joined: number;
  /** All who had by the end of the bucket. */
  readonly total: number;
}

/** How many people there are, over the buckets of the report. @throws Failure FORBIDDEN */
export async function peopleGrowth(
  ctx: Pick<Context, 'actor' | 'sql'>,
  { buckets }: UsageReport,
): Promise<readonly PeopleBucket[]> {
  overseer(ctx);
  const { rows } = await sql<{ start: number; joined: number; total: number }>`
    select start, count(a.id)::float8 as joined, sum(count(a.id)) over (order by start)::float8
      + (select count(*) from account where kind = 'person' and created_at < ${new Date(buckets[0]?.from ?? 0)}) as total
    from unnest(${buckets.map(({ from }) => from)}::float8[], ${buckets.map(({ to }) => to)}::float8[]) as b (start, "end")
    left join account a on a.kind = 'person' and a.created_at >= to_timestamp(start / 1000)
      and a.created_at < to_timestamp("end" / 1000)
    group by start order by start`.execute(ctx.sql);
  return rows.map((row) => ({ ...row, start: new Date(row.start) }));
}
