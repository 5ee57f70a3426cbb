import { sql } from 'kysely';
import { administrator, type Context } from '../context.ts';
import { ACCOUNT_USAGE } from '../usage/account-usage.ts';
import type { UsageCounts } from '../usage/usage-totals.ts';

export interface PeopleTotals extends UsageCounts {
  readonly people: number;
  /** Among `people`. */
  readonly disabled: number;
}

/** Of everybody whom the list of people has. Sums are kept, so the length of the log does not matter. @throws Failure FORBIDDEN */
export async function peopleTotals(ctx: Pick<Context, 'actor' | 'sql'>): Promise<PeopleTotals> {
  administrator(ctx);
  const { rows } = await sql<PeopleTotals>`
    select count(*)::float8 as people, count(*) filter (where not a.is_active)::float8 as disabled,
      coalesce(sum(u.requests), 0)::float8 as requests, coalesce(sum(u.cost), 0)::int8 as cost,
      coalesce(sum(u.input_tokens), 0)::float8 as "inputTokens",
      coalesce(sum(u.output_tokens), 0)::float8 as "outputTokens"
    from account a left join (${ACCOUNT_USAGE}) u on u.account_id = a.id
    where a.kind = 'person' and a.deleted_at is null`.execute(ctx.sql);
  const [totals] = rows;
  if (!totals) throw new Error('A count is always one row.');
  return totals;
}
