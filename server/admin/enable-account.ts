import type { Account } from '../account/account.entity.ts';
import { type AccountName, setActive } from '../account/set-active.ts';
import { administrator, type Context } from '../context.ts';

/** Lets a disabled account in again. @throws Failure FORBIDDEN, NOT_FOUND, INVALID, TOO_LARGE */
export async function enableAccount(
  ctx: Context,
  name: AccountName,
  reason: string | null,
): Promise<Account> {
  administrator(ctx);
  return setActive(ctx, name, true, reason);
}
