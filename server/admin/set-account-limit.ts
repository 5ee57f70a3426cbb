import { sql } from 'kysely';
import type { AccountName } from '../account/set-active.ts';
import { statedReason } from '../audit/reason.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { isLimited, termsOf } from '../budget/pool.ts';
import { ownLimit, poolPolicy } from '../budget/pool-policy.ts';
import { LockedPools } from '../budget/pool-rows.ts';
import { type PoolView, readPool } from '../budget/read-pool.ts';
import type { PoolPolicy } from '../config/config.ts';
import { administrator, type Context, type Subject } from '../context.ts';
import { transact } from '../db/transact.ts';
import { definedPool, type PoolDefinition } from '../group/group-definition.ts';
import { formatCoins } from '../kernel/coins.ts';
import { fail } from '../kernel/failure.ts';
import { lockedAccount } from './locked-account.ts';

type LimitedAccount = Subject & { readonly accountId: string };

/**
 * Gives one account a pool of its own size instead of what groups and defaults grant; null takes that back. In force at
 * once, on all replicas. The balance stays as it is, and the refill up to now is paid at the rate of before.
 *
 * @returns the pool that pays since; null when nothing does
 * @throws Failure UNAUTHENTICATED, NOT_FOUND, INVALID, TOO_LARGE, FORBIDDEN also when the configuration file has the limit
 */
export async function setAccountLimit(
  ctx: Context,
  name: AccountName,
  definition: PoolDefinition | null,
  reason: string,
): Promise<PoolView | null> {
  administrator(ctx);
  const why = statedReason(reason);
  const limit = definition && definedPool(definition);
  return transact(ctx, async (tx) => {
    const account = await lockedAccount(tx, name);
    mustNotBeLocked(tx, account);
    const limited = { ...account, limit };
    if (isSame(account.limit, limit)) return readPool(tx, limited);
    await changeTerms(tx, account, limited);
    await store(tx, limited);
    await recordAudit(tx, {
      action: limit ? 'limit.set' : 'limit.removed',
      subjectKind: 'account',
      subject: account.accountId,
      before: { limit: account.limit && inWords(account.limit) },
      after: { limit: limit && inWords(limit) },
      reason: why,
    });
    const { accountId } = account;
    tx.live.publish(
      { kind: 'accessChanged', account: accountId },
      { kind: 'poolChanged', account: accountId },
    );
    return readPool(tx, limited);
  });
}

function mustNotBeLocked({ config }: Pick<Context, 'config'>, account: Subject): void {
  if (ownLimit(config, account)?.isLocked)
    fail('FORBIDDEN', 'The configuration file says what this account has: change it there.', {
      reason: 'limit_locked',
      param: 'account',
    });
}

/** The time up to now is paid for as it was agreed, so none of it is left for the new rate. */
async function changeTerms(
  tx: Pick<Context, 'sql' | 'config'>,
  before: LimitedAccount,
  after: LimitedAccount,
): Promise<void> {
  const { accountId } = before;
  const pools = await LockedPools.lock(tx.sql, [accountId]);
  // By the first, a pool without terms gets those that it was refilled by so far.
  pools.changeTerms(accountId, termsOf(poolPolicy(tx.config, before)), pools.now);
  pools.changeTerms(accountId, termsOf(poolPolicy(tx.config, after)), pools.now);
  await pools.store(tx.sql);
}

async function store(
  tx: Pick<Context, 'sql'>,
  { accountId, limit }: LimitedAccount,
): Promise<void> {
  if (!limit) {
    await sql`delete from account_limit where account_id = ${accountId}`.execute(tx.sql);
    return;
  }
  const { unit, refreshPerHour, starting } = limit;
  const max = isLimited(limit) ? limit.max : null;
  await sql`
    insert into account_limit (account_id, unit, max, refresh_per_hour, starting)
    values (${accountId}, ${unit}, ${max}, ${refreshPerHour}, ${starting})
    on conflict (account_id) do update set unit = excluded.unit, max = excluded.max,
      refresh_per_hour = excluded.refresh_per_hour, starting = excluded.starting, set_at = now()`.execute(
    tx.sql,
  );
}

const isSame = (a: PoolPolicy | null, b: PoolPolicy | null): boolean =>
  JSON.stringify(a && inWords(a)) === JSON.stringify(b && inWords(b));

const inWords = (policy: PoolPolicy): object => ({
  unit: policy.unit,
  max: isLimited(policy) ? formatCoins(policy.max) : 'unlimited',
  refreshPerHour: formatCoins(policy.refreshPerHour),
  starting: formatCoins(policy.starting),
});
