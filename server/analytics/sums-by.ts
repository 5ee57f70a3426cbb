/** The one way to figures: a statement over the few sums that cover what is asked. */
import { type RawBuilder, sql } from 'kysely';
import type { Context } from '../context.ts';
import { NIL, READABLE_SUMS, SUM_COLUMNS } from '../usage/usage-sums.ts';
import type { Cohort } from './cohort.ts';
import { type Piece, pieces, type RolledSpan, runsOf, type Stretch } from './pieces.ts';
import type { UsageReport } from './usage-report.ts';
import { isAmong, isIn } from './usage-scope.ts';

/** What figures can be told apart by; `bucket` is the number of the stretch. */
export type Dimension = 'bucket' | 'model' | 'source' | 'account_id' | 'api_key_id';

type Unit = Pick<Context, 'config'>;
type Asked = Pick<
  UsageReport,
  'scope' | 'cohort' | 'model' | 'source' | 'keyId' | 'rolledUntil' | 'hasUsageUntil'
>;
type Condition = RawBuilder<unknown>;

/** A statement that gives the dimension and the figures for each of its values, or one row without a dimension. */
export function sumsBy(
  ctx: Unit,
  asked: Asked,
  stretches: readonly Stretch[],
  dimension: Dimension | null,
): RawBuilder<unknown> {
  const rows = sumsOf(ctx, asked, stretches, dimension, ['month', 'week', 'day']);
  if (!dimension) return sql`select ${READABLE_SUMS} from ${rows}`;
  // What is only in sums that are added and taken off again is not in the stretch.
  return sql`
    select ${sql.ref(dimension)}, ${READABLE_SUMS} from ${rows}
    group by ${sql.ref(dimension)} having sum(sign * requests) > 0`;
}

/** For `from`: the sums that cover the stretches, each with its `sign` and, asked for by the dimension, the `bucket` that it is of. */
export function sumsOf(
  ctx: Unit,
  asked: Asked,
  stretches: readonly Stretch[],
  dimension: Dimension | null,
  spans: readonly RolledSpan[],
): RawBuilder<unknown> {
  const { until, isByQuarter, rollups } = rollupsFor(ctx, asked, dimension);
  const cut = stretches.flatMap((stretch, bucket) =>
    pieces(stretch, isByQuarter ? [...spans, 'quarter'] : spans, until).map((piece) => ({
      ...piece,
      bucket,
    })),
  );
  return sql`
    ${relationOf(cut)} as run cross join lateral (
      ${rollups}
      union all
      select run.way, ${columnsOf(dimension)}, null, null from usage_slice
      where run.span = 'slice' and at >= run."from" and at < run."to"
        and ${isAmong(ctx, asked.scope, sql`account_id`) ?? sql`true`} and ${all(finer(asked))}
      -- Keeps the planner from reading all of a span at once, and comparing times afterwards.
      offset 0
    ) s`;
}

interface Rollups {
  /** Up to when there are any. */
  readonly until: number;
  readonly isByQuarter: boolean;
  /** Statements that give those of a run. */
  readonly rollups: RawBuilder<unknown>;
}

function rollupsFor(ctx: Unit, asked: Asked, dimension: Dimension | null): Rollups {
  const { scope, cohort, rolledUntil: until } = asked;
  if (cohort && dimension !== 'account_id') {
    const rollups = sql`${ofCohort(asked, cohort, dimension)} union all ${ofStrangers(asked, cohort, dimension)}`;
    return { until: cohort.until, isByQuarter: false, rollups };
  }
  const isByQuarter = scope.kind === 'everyone' && dimension !== 'account_id';
  const known = isByQuarter
    ? everybodys(asked, dimension)
    : accounts(asked, dimension, isMeant(ctx, asked));
  if (dimension !== 'account_id' || asked.keyId !== null || !asked.hasUsageUntil)
    return { until, isByQuarter, rollups: ofAccounts(sql`run.way`, known, dimension) };
  const shorter = ofAccounts(sql`run.way`, [sql`run.span <> 'month'`, ...known], dimension);
  return { until, isByQuarter, rollups: sql`${shorter} union all ${ofMonths(known, dimension)}` };
}

/** What accounts used until the end of months, less what they used until their beginning. */
const ofMonths = (known: readonly Condition[], dimension: Dimension | null) => sql`
  select case at when run."to" then run.way else -run.way end as sign, ${columnsOf(dimension)}, null, null
  from (select *, ${NIL} as api_key_id from usage_until) u
  where run.span = 'month' and at in (run."from", run."to") and ${all(known)}`;

/** To read what all accounts used, one after another, takes less than to find that of so many. */
const MEMBERS_FOUND_MAX = 500;

function isMeant(ctx: Unit, { scope, cohort }: Asked): Condition {
  const isLarge = cohort !== null && cohort.size > MEMBERS_FOUND_MAX;
  return (isLarge ? isAmong : isIn)(ctx, scope, sql`account_id`) ?? sql`true`;
}

const ofAccounts = (
  sign: Condition,
  known: readonly Condition[],
  dimension: Dimension | null,
) => sql`
  select ${sign} as sign, ${columnsOf(dimension)}, quarters, quarter_requests from usage_rollup r
  where run.span <> 'slice' and r.span = run.span and at >= run."from" and at < run."to" and ${all(known)}`;

/** The index by time holds rollups of accounts only. */
const NOT_NIL = sql`account_id <> ${NIL}`;

const ofCohort = (asked: Asked, cohort: Cohort, dimension: Dimension | null) => sql`
  select run.way as sign, at, ${NIL}, model, source, ${NIL}, ${bucketIf(dimension)} as bucket, ${SUM_COLUMNS},
    quarters, quarter_requests
  from usage_cohort_rollup r
  where cohort_id = ${cohort.id} and r.span = run.span and at >= run."from" and at < run."to"
    and ${all(together(asked, dimension))}`;

/** Of those who came since the cohort was summed, and taken off of those who went. */
function ofStrangers(asked: Asked, { joinedIds, leftIds }: Cohort, dimension: Dimension | null) {
  const sign = sql`case when account_id = any(${leftIds}::uuid[]) then -run.way else run.way end`;
  const strangers = sql`account_id = any(${[...joinedIds, ...leftIds]}::uuid[])`;
  return ofAccounts(sign, accounts(asked, dimension, strangers), dimension);
}

const columnsOf = (dimension: Dimension | null) =>
  sql`at, account_id, model, source, api_key_id, ${bucketIf(dimension)} as bucket, ${SUM_COLUMNS}`;

/** Pieces that follow each other are one row, with where each begins and which bucket it is of. */
function relationOf(cut: readonly (Piece & { readonly bucket: number })[]): RawBuilder<unknown> {
  const runs = runsOf(cut);
  const inOrder = runs.flatMap((run) => run.pieces);
  let last = 0;
  const ends = runs.map((run) => (last += run.pieces.length));
  return sql`(
    select span, "from", "to", sign as way, (${inOrder.map(({ from }) => new Date(from))}::timestamptz[])[first:last] as starts,
      (${inOrder.map(({ bucket }) => bucket)}::int[])[first:last] as buckets
    from unnest(${runs.map(({ span }) => span)}::text[], ${runs.map(({ from }) => new Date(from))}::timestamptz[],
      ${runs.map(({ to }) => new Date(to))}::timestamptz[], ${runs.map(({ sign }) => sign)}::int[],
      ${runs.map((run, at) => (ends[at] ?? 0) - run.pieces.length + 1)}::int[], ${ends}::int[])
      as r (span, "from", "to", sign, first, last)
    -- So each is cut out of its array once, and not for each row that is read.
    offset 0
  )`;
}

const bucketIf = (dimension: Dimension | null): Condition =>
  dimension === 'bucket' ? sql`run.buckets[width_bucket(at, run.starts)]` : sql`0`;

const everybodys = (asked: Asked, dimension: Dimension | null): Condition[] => [
  sql`account_id = ${NIL}`,
  ...together(asked, dimension),
];

/** Of rollups of many accounts together, those that are neither finer nor coarser than what is asked. */
const together = ({ model, source }: Asked, dimension: Dimension | null): Condition[] => [
  only('model', model, dimension),
  only('source', source, dimension),
];

/** Of accounts' rollups; only those of one model each know models and keys. */
function accounts(asked: Asked, dimension: Dimension | null, isTheirs: Condition): Condition[] {
  const isFine = asked.model ?? asked.keyId ?? ['model', 'api_key_id'].includes(dimension ?? '');
  return isFine
    ? [isTheirs, NOT_NIL, sql`model <> ''`, ...finer(asked)]
    : [isTheirs, NOT_NIL, sql`model = ''`, only('source', asked.source, dimension)];
}

const only = (name: 'model' | 'source', value: string | null, dimension: Dimension | null) =>
  value === null && dimension === name ? EACH[name] : sql`${sql.ref(name)} = ${value ?? ''}`;

const EACH = { model: sql`model <> ''`, source: sql`source in ('chat', 'api')` };

/** What is not asked for is null and not left out: each text of a statement is one that connections keep a plan of. */
function finer({ model, source, keyId }: Asked): Condition[] {
  return [
    model === null ? sql`true` : sql`model = ${model}`,
    sql`(${source}::text is null or source = ${source})`,
    sql`(${keyId}::uuid is null or api_key_id = ${keyId})`,
  ];
}

const all = (conditions: readonly Condition[]): Condition => sql.join(conditions, sql` and `);
