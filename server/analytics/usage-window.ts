/** From when to when usage is asked, and its buckets: hours, days, weeks or months as a clock on the wall has them. */
import { type RawBuilder, sql } from 'kysely';
import type { Context } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import type { Stretch } from './pieces.ts';
import { isIn, type UsageScope } from './usage-scope.ts';

export type Period = 'week' | 'month' | 'year' | 'all';
export type BucketUnit = 'hour' | 'day' | 'week' | 'month';

/** A period up to now, or `from` and `to`. */
export interface WindowWish {
  readonly period?: Period | null;
  readonly from?: Date | null;
  readonly to?: Date | null;
  readonly timeZone?: string | null;
}

export interface UsageWindow {
  readonly from: Date;
  /** Not included. */
  readonly to: Date;
  readonly timeZone: string;
  readonly unit: BucketUnit;
  readonly buckets: readonly Stretch[];
  /** Up to when there are rollups, in milliseconds since 1970. */
  readonly rolledUntil: number;
  /** Whether what accounts used until each month is there as well. */
  readonly hasUsageUntil: boolean;
}

interface Row {
  readonly from: number;
  readonly to: number;
  readonly starts: readonly number[];
  readonly until: number;
  readonly hasUsageUntil: boolean;
}

const DAY_MS = 86_400_000;
const DAYS_MAX = 36_600;
/** Names only: offsets mean the opposite of what they say to PostgreSQL. */
const ZONE_NAME = /^[A-Za-z_]+([/+-][A-Za-z0-9_]+)*$/;

/** @throws Failure INVALID for a stretch that can't be, or a time zone that nobody knows */
export async function usageWindow(
  ctx: Pick<Context, 'config' | 'sql'>,
  scope: UsageScope,
  wish: WindowWish,
): Promise<UsageWindow> {
  const timeZone = knownZone(wish.timeZone ?? 'UTC');
  const local = (moment: RawBuilder<unknown>) => sql`(${moment} at time zone ${timeZone})`;
  const { from, to, unit } = bounds(ctx, scope, wish, local);
  const { rows } = await sql<Row>`
    with w as (select date_bin('15 minutes', ${from}, 'epoch') as "from", ${to} as "to")
    select ${milliseconds(sql`"from"`)} as "from", ${milliseconds(sql`"to"`)} as "to",
      array(select ${milliseconds(sql`greatest(b, "from")`)} from (${starts(unit, local)}) s (b)
        where b < "to" order by b) as starts,
      coalesce(${milliseconds(sql`until`)}, 0) as until,
      coalesce(months_until >= date_trunc('month', until, 'UTC'), false) as "hasUsageUntil"
    from w left join usage_rolled on true`.execute(ctx.sql);
  const [row] = rows;
  if (!row) throw new Error('a statement without a table gives one row');
  return {
    from: new Date(row.from),
    to: new Date(row.to),
    timeZone,
    unit,
    buckets: row.starts.map((start, at) => ({ from: start, to: row.starts[at + 1] ?? row.to })),
    rolledUntil: row.until,
    hasUsageUntil: row.hasUsageUntil,
  };
}

type Local = (moment: RawBuilder<unknown>) => RawBuilder<unknown>;

interface Bounds {
  readonly from: RawBuilder<unknown>;
  readonly to: RawBuilder<unknown>;
  readonly unit: BucketUnit;
}

function bounds(
  ctx: Pick<Context, 'config'>,
  scope: UsageScope,
  { period, from, to }: WindowWish,
  local: Local,
): Bounds {
  if (from && to) {
    if (period) fail('INVALID', 'Ask either for a period or from and to.', { param: 'period' });
    return { from: sql`${from}::timestamptz`, to: quarterAfter(to), unit: unitFor(from, to) };
  }
  if (from || to) fail('INVALID', 'from and to go together.', { param: from ? 'to' : 'from' });
  const begin = BEGIN[period ?? 'week'](local(sql`now()`), local(firstUse(ctx, scope)));
  return { from: local(begin), to: quarterAfter(sql`now()`), unit: UNITS[period ?? 'week'] };
}

const UNITS: Readonly<Record<Period, BucketUnit>> = {
  week: 'day',
  month: 'day',
  year: 'week',
  all: 'month',
};

type Begin = (now: RawBuilder<unknown>, first: RawBuilder<unknown>) => RawBuilder<unknown>;

/** Local times, so that a day begins at midnight whatever the clock did since. */
const BEGIN: Readonly<Record<Period, Begin>> = {
  week: (now) => sql`(date_trunc('day', ${now}) - interval '6 days')`,
  month: (now) => sql`(date_trunc('day', ${now}) - interval '29 days')`,
  year: (now) => sql`(date_trunc('week', ${now}) - interval '52 weeks')`,
  all: (_, first) => sql`date_trunc('month', ${first})`,
};

function firstUse(ctx: Pick<Context, 'config'>, scope: UsageScope): RawBuilder<unknown> {
  const isOfOne = scope.kind === 'account' ? isIn(ctx, scope, sql`account_id`) : null;
  return sql`coalesce((select min(at) from usage_slice where ${isOfOne ?? sql`true`}), now())`;
}

const quarterAfter = (moment: unknown) =>
  sql`date_bin('15 minutes', ${moment}::timestamptz + interval '15 minutes' - interval '1 microsecond', 'epoch')`;

function unitFor(from: Date, to: Date): BucketUnit {
  const days = (to.getTime() - from.getTime()) / DAY_MS;
  if (!(days > 0)) fail('INVALID', 'to must be after from.', { param: 'to' });
  if (days > DAYS_MAX) fail('INVALID', 'from and to lie too far apart.', { param: 'from' });
  if (days <= 2) return 'hour';
  if (days <= 62) return 'day';
  return days <= 731 ? 'week' : 'month';
}

/** Hours are counted from midnight on, so that a day with a change of the clock has 23 or 25 of them. */
function starts(unit: BucketUnit, local: Local): RawBuilder<unknown> {
  if (unit === 'hour') {
    const midnight = local(sql`date_trunc('day', ${local(sql`"from"`)})`);
    return sql`select generate_series(date_bin('1 hour', "from", ${midnight}), "to", '1 hour')`;
  }
  const begin = sql`date_trunc(${sql.lit(unit)}, ${local(sql`"from"`)})`;
  const step = sql.lit(`1 ${unit}`);
  return sql`
    select ${local(sql`t`)} from generate_series(${begin}, ${local(sql`"to"`)}, ${step}::interval) t`;
}

const milliseconds = (moment: RawBuilder<unknown>) =>
  sql`(extract(epoch from ${moment}) * 1000)::float8`;

function knownZone(name: string): string {
  try {
    if (ZONE_NAME.test(name)) return new Intl.DateTimeFormat('en', { timeZone: name }) && name;
  } catch {
    // Falls through to the refusal.
  }
  return fail('INVALID', 'There is no such time zone: give a name as "Europe/Berlin".', {
    param: 'timeZone',
  });
}
