/** The one way to figures: a statement over the few sums that cover what is asked. */
import { type RawBuilder, sql } from 'kysely';
import type { Context } from '../context.ts';
import { NIL, READABLE_SUMS, SUM_COLUMNS } from '../usage/usage-sums.ts';
import { pieces, type RolledSpan, type Stretch } from './pieces.ts';
import type { UsageReport } from './usage-report.ts';
import { isIn } from './usage-scope.ts';

/** What figures can be told apart by; `bucket` is the number of the stretch. */
export type Dimension = 'bucket' | 'model' | 'source' | 'account_id' | 'api_key_id';

type Unit = Pick<Context, 'config'>;
type Asked = Pick<UsageReport, 'scope' | 'model' | 'source' | 'keyId' | 'rolledUntil'>;
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

/** For `from`: the sums that cover the stretches, each with its `sign` and the `bucket` that it is of. */
export function sumsOf(
  ctx: Unit,
  asked: Asked,
  stretches: readonly Stretch[],
  dimension: Dimension | null,
  spans: readonly RolledSpan[],
): RawBuilder<unknown> {
  const isEverybodys = asked.scope.kind === 'everyone' && dimension !== 'account_id';
  const known = isEverybodys ? [...spans, 'quarter' as const] : spans;
  const cut = stretches.flatMap((stretch, bucket) =>
    pieces(stretch, known, asked.rolledUntil).map((piece) => ({ ...piece, bucket })),
  );
  const rolled = isEverybodys ? everybodys(asked, dimension) : accounts(ctx, asked, dimension);
  return sql`
    unnest(${cut.map(({ span }) => span)}::text[], ${cut.map(({ from }) => new Date(from))}::timestamptz[],
      ${cut.map(({ to }) => new Date(to))}::timestamptz[], ${cut.map(({ sign }) => sign)}::int[],
      ${cut.map(({ bucket }) => bucket)}::int[]) as piece (span, "from", "to", sign, bucket)
    cross join lateral (
      select at, account_id, model, source, api_key_id, quarters, quarter_requests, ${SUM_COLUMNS} from usage_rollup r
      where r.span = piece.span and at >= piece."from" and at < piece."to" and ${all(rolled)}
      union all
      select at, account_id, model, source, api_key_id, null, null, ${SUM_COLUMNS} from usage_slice
      where piece.span = 'slice' and at >= piece."from" and at < piece."to" and ${all(slices(ctx, asked))}
      -- Keeps the planner from reading all of a span at once, and comparing times afterwards.
      offset 0
    ) s`;
}

/** Of everybody's rollups, those that are neither finer nor coarser than what is asked. */
const everybodys = ({ model, source }: Asked, dimension: Dimension | null): Condition[] => [
  sql`account_id = ${NIL}`,
  only('model', model, dimension),
  only('source', source, dimension),
];

/** Of accounts' rollups; only those of one model each know models and keys. */
function accounts(ctx: Unit, asked: Asked, dimension: Dimension | null): Condition[] {
  const isFine = asked.model ?? asked.keyId ?? ['model', 'api_key_id'].includes(dimension ?? '');
  return isFine
    ? [sql`account_id <> ${NIL}`, sql`model <> ''`, ...slices(ctx, asked)]
    : [
        isIn(ctx, asked.scope, sql`account_id`) ?? sql`account_id <> ${NIL}`,
        sql`model = ''`,
        only('source', asked.source, dimension),
      ];
}

const only = (name: 'model' | 'source', value: string | null, dimension: Dimension | null) =>
  value === null && dimension === name
    ? sql`${sql.ref(name)} <> ''`
    : sql`${sql.ref(name)} = ${value ?? ''}`;

/** What is not asked for is null and not left out: each text of a statement is one that connections keep a plan of. */
function slices(ctx: Unit, { scope, model, source, keyId }: Asked): Condition[] {
  return [
    isIn(ctx, scope, sql`account_id`) ?? sql`true`,
    model === null ? sql`true` : sql`model = ${model}`,
    sql`(${source}::text is null or source = ${source})`,
    sql`(${keyId}::uuid is null or api_key_id = ${keyId})`,
  ];
}

const all = (conditions: readonly Condition[]): Condition => sql.join(conditions, sql` and `);
