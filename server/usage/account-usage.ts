/** All that accounts ever used, for lists of everybody: a sum that a job keeps, and the slices since. */
import { sql } from 'kysely';
import type { Context } from '../context.ts';
import type { Sql } from '../db/orm.ts';
import type { Coins } from '../kernel/coins.ts';
import { NO_COINS } from '../kernel/coins.ts';
import type { UsageCounts } from './usage-totals.ts';

/** Rows of `account_id`, `requests`, `input_tokens`, `output_tokens` and `cost`; one for each account that used something. */
export const ACCOUNT_USAGE = sql.raw(`
  select account_id, sum(requests)::bigint as requests, sum(input_tokens)::bigint as input_tokens,
    sum(output_tokens)::bigint as output_tokens, sum(cost)::bigint as cost
  from (
    select account_id, requests, input_tokens, output_tokens, cost from account_usage
    where exists (select from usage_rolled where totals_until is not null)
    union all select account_id, requests, input_tokens, output_tokens, cost from usage_slice
    where at >= coalesce((select totals_until from usage_rolled), '-infinity')
  ) used group by account_id`);

interface Row {
  readonly account_id: string;
  readonly requests: bigint;
  readonly input_tokens: bigint;
  readonly output_tokens: bigint;
  readonly cost: Coins;
}

const NOTHING: UsageCounts = { requests: 0, inputTokens: 0, outputTokens: 0, cost: NO_COINS };

/** All that the accounts ever used; for `batched`. */
export async function usageOfAccounts(
  { sql: connection }: Pick<Context, 'sql'>,
  accountIds: readonly string[],
): Promise<readonly UsageCounts[]> {
  const { rows } = await sql<Row>`
    select * from (${ACCOUNT_USAGE}) u where account_id = any(${accountIds}::uuid[])`.execute(
    connection,
  );
  const byAccount = new Map(rows.map((row) => [row.account_id, countsOf(row)]));
  return accountIds.map((id) => byAccount.get(id) ?? NOTHING);
}

const countsOf = (row: Row): UsageCounts => ({
  requests: Number(row.requests),
  inputTokens: Number(row.input_tokens),
  outputTokens: Number(row.output_tokens),
  cost: row.cost,
});

/** Adds up slices that were rolled up, a day or less; whether there may be more. A transaction of its own. */
export async function addAccountUsage(tx: Sql): Promise<boolean> {
  const { rows } = await sql<{ from: Date; to: Date; isFirst: boolean; isBehind: boolean }>`
    select start as "from", totals_until is null as "isFirst", least(start + interval '24 hours', until) as "to",
      start + interval '24 hours' < until as "isBehind"
    from (
      select until, totals_until, coalesce(totals_until, (select min(at) from usage_slice), until) as start
      from usage_rolled for update
    ) s where start < until`.execute(tx);
  const [step] = rows;
  if (!step) return false;
  // What was rolled up is begun anew when slices that are over were changed, and so is this.
  if (step.isFirst) await sql`delete from account_usage`.execute(tx);
  await sql`
    insert into account_usage as kept
    select account_id, sum(requests), sum(input_tokens), sum(output_tokens), sum(cost)
    from usage_slice where at >= ${step.from} and at < ${step.to} group by account_id
    on conflict (account_id) do update set requests = kept.requests + excluded.requests,
      input_tokens = kept.input_tokens + excluded.input_tokens,
      output_tokens = kept.output_tokens + excluded.output_tokens, cost = kept.cost + excluded.cost`.execute(
    tx,
  );
  await sql`update usage_rolled set totals_until = ${step.to}`.execute(tx);
  return step.isBehind;
}
