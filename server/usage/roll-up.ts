/**
 * Sums up slices that are over, so that the figures of a year for everybody are read from some thousand rows. A job, and
 * not a part of settling: everybody's rows would be written by all replicas at once. What is not rolled up yet is read
 * from the slices, so figures are exact however late the job is.
 */
import { type RawBuilder, sql } from 'kysely';
import type { Context } from '../context.ts';
import type { Sql } from '../db/orm.ts';
import { addAccountUsage } from './account-usage.ts';
import { NIL, SUM_COLUMNS, SUMS } from './usage-sums.ts';
import { addUsageUntil } from './usage-until.ts';

/** A settlement takes seconds at most (its statement times out), so no slice changes so long after its end. */
const SETTLED = sql`interval '5 minutes'`;

interface Step {
  readonly from: Date;
  readonly to: Date;
  /** What is over at its end. */
  readonly ends: readonly ('day' | 'week' | 'month')[];
}

/** Rolls up slices that are over, a day or less in each transaction; what it leaves undone, it does the next time. */
export async function rollUpUsage(ctx: Pick<Context, 'sql'>, closing?: AbortSignal): Promise<void> {
  for (const step of [rollNext, addAccountUsage, addUsageUntil]) {
    let isMore = true;
    while (isMore && !closing?.aborted) isMore = await ctx.sql.transaction().execute(step);
  }
}

/** To be begun anew, for whoever changes slices that are over; the sums of groups go with them, by their foreign key. */
export async function forgetRollups(tx: Sql): Promise<void> {
  await sql`delete from usage_rolled`.execute(tx);
  await sql`delete from usage_rollup`.execute(tx);
}

async function rollNext(tx: Sql): Promise<boolean> {
  await sql`
    insert into usage_rolled (until)
    select date_trunc('day', coalesce(min(at), now()), 'UTC') from usage_slice
    on conflict do nothing`.execute(tx);
  const { rows } = await sql<Step>`
    select until as "from", step as "to",
      array(select u from unnest('{day,week,month}'::text[]) u where step = date_trunc(u, step, 'UTC')) as ends
    from (
      select until, least(date_trunc('day', until, 'UTC') + interval '24 hours',
        date_bin('15 minutes', now() - ${SETTLED}, 'epoch')) as step
      from usage_rolled for update
    ) s where step > until`.execute(tx);
  const [step] = rows;
  if (!step) return false;
  await rollQuarters(tx, step);
  for (const unit of step.ends)
    await (unit === 'day' ? rollDay(tx, step.to) : rollDays(tx, unit, step.to));
  await sql`update usage_rolled set until = ${step.to}`.execute(tx);
  return true;
}

const INTO = sql`insert into usage_rollup (account_id, span, model, source, api_key_id, at, ${SUM_COLUMNS})`;

/** Everybody's, with a row for all models, for all sources and for all of both. */
async function rollQuarters(tx: Sql, { from, to }: Step): Promise<void> {
  await sql`
    ${INTO} select ${NIL}, 'quarter', coalesce(model, ''), coalesce(source, ''), ${NIL}, at, ${SUMS}
    from usage_slice where at >= ${from} and at < ${to}
    group by at, cube (model, source)`.execute(tx);
}

/** The days and months of ten thousand accounts would take longer than a statement may. */
const ACCOUNTS_AT_ONCE = 500;

/** Everybody's account too. */
async function inPieces(
  tx: Sql,
  accountIds: RawBuilder<{ id: string }>,
  roll: (ids: readonly string[]) => Promise<unknown>,
): Promise<void> {
  const { rows } = await accountIds.execute(tx);
  for (let at = 0; at < rows.length; at += ACCOUNTS_AT_ONCE)
    await roll(rows.slice(at, at + ACCOUNTS_AT_ONCE).map(({ id }) => id));
}

/** So written, all accounts' sums of one model, or of all, are read from few pages. */
const SIDE_BY_SIDE = sql`order by model, source`;

/** Of each account for each model, door and key, for each door, and in all. */
function rollDay(tx: Sql, end: Date): Promise<void> {
  const start = sql`${end}::timestamptz - interval '24 hours'`;
  const isOver = sql`at >= ${start} and at < ${end}`;
  const users = sql<{ id: string }>`
    select ${NIL}::text as id union select account_id::text from usage_slice where ${isOver}`;
  return inPieces(tx, users, (ids) =>
    sql`
      insert into usage_rollup (account_id, span, model, source, api_key_id, at, quarters, quarter_requests, ${SUM_COLUMNS})
      select account_id, 'day', model, source, api_key_id, ${start},
        array_agg((extract(epoch from at - (${start})) / 900)::smallint), array_agg(requests::int8), ${SUMS}
      from (
        select account_id, coalesce(model, '') as model, coalesce(source, '') as source,
          coalesce(api_key_id, ${NIL}) as api_key_id, at, ${SUMS}
        from usage_slice where ${isOver} and account_id = any(${ids}::uuid[])
        group by account_id, at, grouping sets ((model, source, api_key_id), (source), ())
        union all
        select account_id, model, source, api_key_id, at, ${SUM_COLUMNS} from usage_rollup
        where account_id = ${NIL} and ${NIL} = any(${ids}::uuid[]) and span = 'quarter' and ${isOver}
      ) s group by account_id, model, source, api_key_id ${SIDE_BY_SIDE}`.execute(tx),
  );
}

function rollDays(tx: Sql, unit: 'week' | 'month', end: Date): Promise<void> {
  const start = sql`date_trunc(${unit}, ${end}::timestamptz - interval '24 hours', 'UTC')`;
  const days = sql`span = 'day' and at >= ${start} and at < ${end}`;
  const users = sql<{ id: string }>`
    select ${NIL}::text as id union select account_id::text from usage_rollup
    where model = '' and source = '' and account_id <> ${NIL} and ${days}`;
  return inPieces(tx, users, (ids) =>
    sql`
      ${INTO} select account_id, ${unit}, model, source, api_key_id, ${start}, ${SUMS}
      from usage_rollup where ${days} and account_id = any(${ids}::uuid[])
      group by account_id, model, source, api_key_id ${SIDE_BY_SIDE}`.execute(tx),
  );
}
