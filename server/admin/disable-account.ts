import type { Account } from '../account/account.entity.ts';
import { type AccountName, setActive } from '../account/set-active.ts';
import { administrator, type Context } from '../context.ts';
import { normalEmail } from '../kernel/email.ts';
import { fail } from '../kernel/failure.ts';

/**
 * Shuts an account out of every door, at once: its sockets close, and what runs for it is stopped and settled.
 *
 * @throws Failure FORBIDDEN, NOT_FOUND, INVALID, TOO_LARGE, CONFLICT when administrators would shut themselves out
 */
export async function disableAccount(
  ctx: Context,
  name: AccountName,
  reason: string | null,
): Promise<Account> {
  const { accountId, email } = administrator(ctx);
  const isOneself =
    'id' in name ? name.id.toLowerCase() === accountId : normalEmail(name.email) === email;
  if (isOneself) fail('CONFLICT', 'You can not disable your own account.', { reason: 'oneself' });
  return setActive(ctx, name, false, reason);
}
