import type { AccountName } from '../account/set-active.ts';
import { statedReason } from '../audit/reason.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { granted, isLimited, type LimitedPolicy, type PoolState, reset } from '../budget/pool.ts';
import { poolPolicy } from '../budget/pool-policy.ts';
import { LockedPools } from '../budget/pool-rows.ts';
import { type PoolView, readPool } from '../budget/read-pool.ts';
import { administrator, type Context, type Subject } from '../context.ts';
import { transact } from '../db/transact.ts';
import { type Coins, coins, formatCoins, minus } from '../kernel/coins.ts';
import { fail } from '../kernel/failure.ts';
import { lockedAccount } from './locked-account.ts';

type Change = (state: PoolState, policy: LimitedPolicy, now: bigint) => PoolState;

/**
 * Fills or empties the pool of an account to what is in it at the start; what runs is still paid for.
 *
 * @throws Failure UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, TOO_LARGE, INVALID also when there is no pool, or no limit
 */
export const resetPool = (ctx: Context, name: AccountName, reason: string): Promise<PoolView> =>
  changePool(ctx, name, { kind: 'reset', action: 'pool.reset', reason }, reset);

/**
 * Adds coins, also above the size of the pool. A negative amount takes them away, as far as they can be spent.
 *
 * @param amount in the unit of the pool, as a decimal number
 * @throws Failure as `resetPool`, CONFLICT when there is not so much to take away
 */
export function grantCoins(
  ctx: Context,
  name: AccountName,
  amount: string | number,
  reason: string,
): Promise<PoolView> {
  administrator(ctx);
  const grant = grantOf(String(amount));
  const entry = { kind: 'grant', action: 'pool.granted', reason } as const;
  return changePool(ctx, name, entry, (state) => withGrant(state, grant));
}

interface Entry {
  readonly kind: 'reset' | 'grant';
  readonly action: string;
  readonly reason: string;
}

async function changePool(
  ctx: Context,
  name: AccountName,
  { kind, action, reason }: Entry,
  change: Change,
): Promise<PoolView> {
  administrator(ctx);
  const why = statedReason(reason);
  return transact(ctx, async (tx) => {
    const account = await lockedAccount(tx, name);
    const { accountId } = account;
    const policy = limitedPolicy(tx, account);
    const pools = await LockedPools.lock(tx.sql, [accountId], new Map([[accountId, policy]]));
    const before = pools.get(accountId, policy);
    if (!before) throw new Error('a pool was neither found nor opened');
    const after = change(before, policy, pools.now);
    const amount = minus(after.balance, before.balance);
    pools.set(accountId, after, { accountId, kind, amount, requestId: null });
    await pools.store(tx.sql);
    await recordAudit(tx, {
      action,
      subjectKind: 'account',
      subject: accountId,
      before: { unit: policy.unit, balance: formatCoins(before.balance) },
      after: { unit: policy.unit, balance: formatCoins(after.balance) },
      reason: why,
    });
    tx.live.publish({ kind: 'poolChanged', account: accountId });
    return (await readPool(tx, account)) ?? fail('NOT_FOUND', 'No such pool.');
  });
}

function limitedPolicy({ config }: Pick<Context, 'config'>, account: Subject): LimitedPolicy {
  const policy = poolPolicy(config, account);
  if (!policy)
    return fail('INVALID', 'Nothing pays for this account: give it a limit first.', {
      reason: 'no_pool',
      param: 'account',
    });
  if (isLimited(policy)) return policy;
  return fail('INVALID', 'This account is not limited: its pool has no balance.', {
    reason: 'pool_unlimited',
    param: 'account',
  });
}

const AMOUNT = /^-?\d{1,12}(\.\d{1,6})?$/;
/** Far from where the database's numbers end, however often something is granted. */
const BALANCE_MAX = coins(1e12);

function grantOf(text: string): Coins {
  if (AMOUNT.test(text) && coins(text) !== 0n) return coins(text);
  return fail('INVALID', 'Write an amount such as 12.5, with at most six decimal places.', {
    param: 'amount',
  });
}

function withGrant(state: PoolState, grant: Coins): PoolState {
  const after = granted(state, grant);
  if (!after)
    return fail('CONFLICT', 'There is less in the pool than is to be taken away.', {
      reason: 'not_available',
      param: 'amount',
    });
  if (after.balance <= BALANCE_MAX) return after;
  return fail('INVALID', 'A pool does not hold so much.', { param: 'amount' });
}
