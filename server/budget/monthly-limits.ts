/** What people allow themselves to spend in a calendar month (UTC). */
import { sql } from 'kysely';
import type { Context } from '../context.ts';
import type { Sql } from '../db/orm.ts';
import { type Coins, greater, minus, NO_COINS } from '../kernel/coins.ts';
import { lockIds } from './cap-locks.ts';
import { CoinCaps } from './coin-caps.ts';
import type { ReserveAsk } from './reserve-ask.ts';

/** Amounts in coins, whatever the pool counts. */
export interface MonthlyLimit {
  readonly max: Coins;
  /** Of this month; what runs is not in it yet. */
  readonly spent: Coins;
  /** What running requests hold of it. */
  readonly held: Coins;
  readonly left: Coins;
  /** When the next month begins. */
  readonly renewsAt: Date;
}

/** The beginning of the month in UTC. */
const THIS_MONTH = sql`date_trunc('month', now(), 'UTC')`;
const NEXT_MONTH = sql`(date_trunc('month', now() at time zone 'UTC') + interval '1 month') at time zone 'UTC'`;

interface Row {
  readonly account_id: string;
  readonly max: Coins;
  readonly spent: Coins;
  readonly held: Coins;
  readonly renews: string;
}

/** One statement, so one look: what is settled meanwhile is either still held or already spent. */
async function limitsOf(connection: Sql, accountIds: readonly string[]): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`
    select account_id, max, ${NEXT_MONTH} as renews,
      coalesce((select sum(cost) from usage_slice s where s.account_id = m.account_id and at >= ${THIS_MONTH}), 0)::bigint
        as spent,
      coalesce((select sum(monthly_amount) from reservation r where r.account_id = m.account_id and monthly_amount > 0), 0)::bigint
        as held
    from monthly_limit m where account_id = any(${accountIds}::uuid[])`.execute(connection);
  return rows;
}

/** Null when the person has set none. */
export async function monthlyLimitOf(
  ctx: Pick<Context, 'sql'>,
  accountId: string,
): Promise<MonthlyLimit | null> {
  const [row] = await limitsOf(ctx.sql, [accountId]);
  if (!row) return null;
  const { max, spent, held } = row;
  const left = greater(minus(minus(max, spent), held), NO_COINS);
  return { max, spent, held, left, renewsAt: new Date(row.renews) };
}

const limitedAccountOf = ({ hasMonthlyLimit, accountId }: ReserveAsk): string | null =>
  hasMonthlyLimit ? accountId : null;

export interface MonthlyCaps {
  readonly caps: CoinCaps;
  /** By account. */
  readonly renewsAt: ReadonlyMap<string, Date>;
}

/**
 * What people may still spend this month, inside a transaction that reserves: others that reserve for one of them wait
 * until it has ended.
 */
export async function lockMonthlyLimits(
  tx: Sql,
  asks: readonly ReserveAsk[],
): Promise<MonthlyCaps> {
  const ids = await lockIds(tx, asks.map(limitedAccountOf));
  const rows = ids.length > 0 ? await limitsOf(tx, ids) : [];
  const left = rows.map(
    ({ account_id: id, max, spent, held }) => [id, minus(minus(max, spent), held)] as const,
  );
  return {
    caps: new CoinCaps(new Map(left), limitedAccountOf),
    renewsAt: new Map(rows.map(({ account_id: id, renews }) => [id, new Date(renews)])),
  };
}
