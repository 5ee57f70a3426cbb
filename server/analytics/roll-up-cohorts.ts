/**
 * Sums up what the members of each group used together, so that a report of a group is read from as few rows as one of
 * everybody. Members change at any time and sums don't: a report adds who came and takes off who went, and when those
 * are many, the job begins anew while the older sums still serve.
 */
import { sql } from 'kysely';
import type { Context } from '../context.ts';
import type { Sql } from '../db/orm.ts';
import { SUM_COLUMNS, SUMS } from '../usage/usage-sums.ts';
import { groupAccounts } from './group-accounts.ts';

interface Step {
  readonly id: string;
  readonly from: Date;
  readonly to: Date;
  /** What is over at its end, besides the day. */
  readonly ends: readonly ('week' | 'month')[];
}

/** Who came or went since costs a report as much as one of their own. */
const STRANGERS_MAX = 20;
/** A report that found it in the moment it was replaced has long been answered. */
const READ_TO_THE_END = sql`interval '1 minute'`;

/** Sums up a day of one group in each transaction; what it leaves undone, it does the next time. */
export async function rollUpCohorts(
  ctx: Pick<Context, 'config' | 'sql'>,
  closing?: AbortSignal,
): Promise<void> {
  await ctx.sql.transaction().execute((tx) => prepare(ctx, tx));
  let isMore = true;
  while (isMore && !closing?.aborted) isMore = await ctx.sql.transaction().execute(sumNext);
}

/** Has a cohort for each group, and none for others; a group of one is its account. */
async function prepare({ config }: Pick<Context, 'config'>, tx: Sql): Promise<void> {
  await sql`delete from usage_cohort where replaced_at < now() - ${READ_TO_THE_END}`.execute(tx);
  const groups = sql`(
    select group_name, array_agg(account_id) as account_ids from (${groupAccounts(config)}) g
    group by group_name having count(*) > 1
  )`;
  await sql`
    update usage_cohort c set replaced_at = now()
    where replaced_at is null and (group_name not in (select group_name from ${groups} g) or exists (
      select from usage_cohort n where n.group_name = c.group_name and n.id > c.id and n.until >= c.until))`.execute(
    tx,
  );
  // Who used nothing by then is in the sums already.
  await sql`
    update usage_cohort c set account_ids = c.account_ids || n.newcomers
    from (
      select c.id, array_agg(m.account_id) as newcomers
      from usage_cohort c join ${groups} g using (group_name)
        cross join lateral (select unnest(g.account_ids) except select unnest(c.account_ids)) as m (account_id)
      where not exists (select from usage_slice s where s.account_id = m.account_id and s.at < c.until)
      group by c.id
    ) n where n.id = c.id`.execute(tx);
  await sql`
    insert into usage_cohort (group_name, account_ids, until)
    select group_name, account_ids, date_trunc('day', f.at, 'UTC')
    from ${groups} g cross join (select min(at) as at from usage_slice) f
    where f.at is not null and exists (select from usage_rolled) and not exists (
      select from usage_cohort c where c.group_name = g.group_name and replaced_at is null and (
        select count(*) from unnest(c.account_ids) as old (id) full join unnest(g.account_ids) as new (id) using (id)
        where old.id is null or new.id is null) <= ${STRANGERS_MAX})`.execute(tx);
}

async function sumNext(tx: Sql): Promise<boolean> {
  const { rows } = await sql<Step>`
    select id::text, until as "from", day as "to",
      array(select u from unnest('{week,month}'::text[]) u where day = date_trunc(u, day, 'UTC')) as ends
    from (
      select c.id, c.until, c.until + interval '24 hours' as day
      from usage_cohort c cross join usage_rolled r
      where replaced_at is null and c.until + interval '24 hours' <= r.until
      order by c.until desc, c.id desc limit 1 for update of c
    ) s`.execute(tx);
  const [step] = rows;
  if (!step) return false;
  await sumDay(tx, step);
  for (const unit of step.ends) await sumDays(tx, step, unit);
  await sql`update usage_cohort set until = ${step.to} where id = ${step.id}`.execute(tx);
  return true;
}

const INTO = sql`insert into usage_cohort_rollup (cohort_id, span, model, source, at, ${SUM_COLUMNS}`;

async function sumDay(tx: Sql, { id, from, to }: Step): Promise<void> {
  await sql`
    ${INTO}, quarters, quarter_requests)
    select ${id}::bigint, 'day', model, source, ${from}, ${SUMS},
      array_agg((extract(epoch from at - ${from}::timestamptz) / 900)::smallint), array_agg(requests::int8)
    from (
      select coalesce(model, '') as model, coalesce(source, '') as source, at, ${SUMS}
      from usage_slice
      where at >= ${from} and at < ${to}
        and coalesce(account_id in (select unnest(account_ids) from usage_cohort where id = ${id}), false)
      group by at, cube (model, source)
    ) s group by model, source`.execute(tx);
}

async function sumDays(tx: Sql, { id, to }: Step, unit: 'week' | 'month'): Promise<void> {
  const start = sql`date_trunc(${unit}, ${to}::timestamptz - interval '24 hours', 'UTC')`;
  await sql`
    ${INTO}) select cohort_id, ${unit}, model, source, ${start}, ${SUMS}
    from usage_cohort_rollup where cohort_id = ${id} and span = 'day' and at >= ${start} and at < ${to}
    group by cohort_id, model, source`.execute(tx);
}
