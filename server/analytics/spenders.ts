/** For administrators: who used what. */
import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { decodeCursor, type Page, pageOf, pageSize } from '../kernel/page.ts';
import type { UsageSums } from '../usage/usage-sums.ts';
import { groupAccounts } from './group-accounts.ts';
import { sumsBy } from './sums-by.ts';
import type { UsageReport } from './usage-report.ts';
import { overseer } from './usage-scope.ts';

export interface AccountUsage extends UsageSums {
  readonly id: string;
  /** Null, as what follows, for an account that is gone. */
  readonly name: string | null;
  readonly email: string | null;
  readonly slug: string | null;
}

export interface GroupUsage extends UsageSums {
  readonly group: string;
  /** Accounts that used something. */
  readonly accounts: number;
}

type Unit = Pick<Context, 'actor' | 'config' | 'sql'>;

const CURSOR = z.tuple([z.string().regex(/^\d{1,18}$/), z.uuid()]);

/** The most expensive first. @throws Failure FORBIDDEN, INVALID */
export async function usageByAccount(
  ctx: Unit,
  report: UsageReport,
  { first, after }: { readonly first: number; readonly after: string | null },
): Promise<Page<AccountUsage>> {
  overseer(ctx);
  const size = pageSize(first);
  const [cost, id] = after === null ? [null, null] : decodeCursor(after, CURSOR);
  const { rows } = await sql<AccountUsage>`
    select u.*, u.account_id as id, a.name, a.email, a.slug
    from (
      select * from (${ofAccounts(ctx, report)}) u
      where ${cost}::bigint is null or (-cost, account_id) > (-${cost}::bigint, ${id}::uuid)
      order by -cost, account_id limit ${size + 1}
    ) u left join account a on a.id = u.account_id
    order by -u.cost, u.account_id`.execute(ctx.sql);
  return pageOf(rows, size, (last) => [String(last.cost), last.id]);
}

/** What the accounts used that are in a group now; one in two groups counts in both. @throws Failure FORBIDDEN */
export async function usageByGroup(ctx: Unit, report: UsageReport): Promise<readonly GroupUsage[]> {
  overseer(ctx);
  const { rows } = await sql<GroupUsage>`
    select g.group_name as "group", count(*)::float8 as accounts, ${ADDED}
    from (${ofAccounts(ctx, report)}) u join (${groupAccounts(ctx.config)}) g using (account_id)
    group by g.group_name order by cost desc, g.group_name`.execute(ctx.sql);
  return rows;
}

const ADDED = sql.raw(
  [
    ...['requests', 'errors', 'inputTokens', 'cachedInputTokens', 'outputTokens'],
    ...['reasoningTokens', 'audioSeconds', 'cost'],
  ]
    .map((name) => `sum(u."${name}")::${name === 'cost' ? 'int8' : 'float8'} as "${name}"`)
    .join(', '),
);

const ofAccounts = (ctx: Unit, report: UsageReport): RawBuilder<unknown> => {
  const { from, to } = report;
  return sumsBy(ctx, report, [{ from: from.getTime(), to: to.getTime() }], 'account_id');
};
