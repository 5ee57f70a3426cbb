import { sql } from 'kysely';
import { recordAudit } from '../audit/record-audit.ts';
import { type Context, signedIn } from '../context.ts';
import { transact } from '../db/transact.ts';
import { type Coins, coins, formatCoins } from '../kernel/coins.ts';
import { fail } from '../kernel/failure.ts';
import { type MonthlyLimit, monthlyLimitOf } from './monthly-limits.ts';

const AMOUNT = /^\d{1,12}(\.\d{1,6})?$/;

/**
 * Limits what the actor may spend in a calendar month, from the next request on; null takes the limit away. It only ever
 * takes: what the pool does not hold it does not give.
 *
 * @param max in coins, as a decimal number
 * @throws Failure UNAUTHENTICATED, INVALID, FORBIDDEN for projects
 */
export async function setMonthlyLimit(
  ctx: Context,
  max: string | number | null,
): Promise<MonthlyLimit | null> {
  const { accountId, kind } = signedIn(ctx);
  if (kind !== 'person') return fail('FORBIDDEN', 'Only people set a monthly limit.');
  const amount = max === null ? null : amountOf(String(max));
  return transact(ctx, async (tx) => {
    const before = await monthlyLimitOf(tx, accountId);
    if ((before?.max ?? null) === amount) return before;
    await store(tx, accountId, amount);
    await recordAudit(tx, {
      action: amount === null ? 'monthly_limit.removed' : 'monthly_limit.set',
      subjectKind: 'account',
      subject: accountId,
      before: { max: inWords(before?.max ?? null) },
      after: { max: inWords(amount) },
    });
    // Keys that are known already learn of it by the first, pages by the second.
    tx.live.publish(
      { kind: 'accessChanged', account: accountId },
      { kind: 'poolChanged', account: accountId },
    );
    return monthlyLimitOf(tx, accountId);
  });
}

async function store(
  tx: Pick<Context, 'sql'>,
  accountId: string,
  max: Coins | null,
): Promise<void> {
  const statement =
    max === null
      ? sql`delete from monthly_limit where account_id = ${accountId}`
      : sql`insert into monthly_limit (account_id, max) values (${accountId}, ${max})
          on conflict (account_id) do update set max = excluded.max, set_at = now()`;
  await statement.execute(tx.sql);
}

const inWords = (max: Coins | null): string | null => (max === null ? null : formatCoins(max));

const amountOf = (text: string) =>
  AMOUNT.test(text)
    ? coins(text)
    : fail('INVALID', 'Write an amount such as 12.5, with at most six decimal places.', {
        param: 'max',
      });
