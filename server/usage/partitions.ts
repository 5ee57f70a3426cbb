import { sql } from 'kysely';
import type { Context } from '../context.ts';
import type { Sql } from '../db/orm.ts';

const MONTHS_AHEAD = 2;

/** Makes the partitions of the request log for this month and the next ones, so that rows find theirs ready. */
export async function preparePartitions(ctx: Pick<Context, 'sql'>): Promise<void> {
  if ((await missing(ctx.sql)).length === 0) return;
  await ctx.sql.transaction().execute(async (tx) => {
    // No request may be logged in the rest between looking there and making the partition that it belongs to. Making
    // one locks the log anyhow.
    await sql`lock table request_log in access exclusive mode`.execute(tx);
    for (const { name, from, to } of await missing(tx))
      await sql`create table if not exists ${sql.table(name)} partition of request_log
        for values from (${sql.lit(`${from} 00:00:00+00`)}) to (${sql.lit(`${to} 00:00:00+00`)})`.execute(
        tx,
      );
  });
}

/** Months whose rows are in the rest already stay there. */
async function missing(
  connection: Sql,
): Promise<readonly { readonly name: string; readonly from: string; readonly to: string }[]> {
  const { rows } = await sql<{ name: string; from: string; to: string }>`
    select to_char(m, '"request_log_"YYYY_MM') as name, to_char(m, 'YYYY-MM-DD') as "from",
      to_char(m + interval '1 month', 'YYYY-MM-DD') as "to"
    from generate_series(date_trunc('month', now() at time zone 'UTC'),
      date_trunc('month', now() at time zone 'UTC') + make_interval(months => ${MONTHS_AHEAD}), interval '1 month') as m
    where to_regclass(to_char(m, '"request_log_"YYYY_MM')) is null
      and not exists (select 1 from request_log_rest where at >= m and at < m + interval '1 month')`.execute(
    connection,
  );
  return rows;
}
