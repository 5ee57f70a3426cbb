import { sql } from 'kysely';
import { readableReason } from '../audit/reason.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { Context } from '../context.ts';
import { transact } from '../db/transact.ts';
import { fail } from '../kernel/failure.ts';
import { asId } from '../kernel/id.ts';
import { Account } from './account.entity.ts';
import { normaliseEmail } from './email.ts';

/** An account by its id, or a person by their address. */
export type AccountName = { readonly id: string } | { readonly email: string };

/**
 * Disables or enables an account, with its entry in the audit trail; nothing changes, and nothing is written, when it is
 * so already. Whoever is let in again signs in again. The caller has checked that the actor may.
 *
 * @throws Failure NOT_FOUND, INVALID, TOO_LARGE
 */
export function setActive(
  ctx: Pick<Context, 'em' | 'sql' | 'live' | 'actor'>,
  name: AccountName,
  isActive: boolean,
  reason: string | null,
): Promise<Account> {
  const why = readableReason(reason ?? '');
  return transact(ctx, async (tx) => {
    const account = await namedAccount(tx, name);
    if (account.isActive === isActive) return account;
    await recordAudit(tx, {
      action: isActive ? 'account.enabled' : 'account.disabled',
      subjectKind: 'account',
      subject: account.id,
      before: { isActive: account.isActive },
      after: { isActive },
      ...(why ? { reason: why } : {}),
    });
    account.isActive = isActive;
    // Until then a session is told why it opens nothing; afterwards it is not the old one that opens the doors again.
    if (isActive) await sql`delete from session where account_id = ${account.id}`.execute(tx.sql);
    tx.live.publish({ kind: 'accessChanged', account: account.id });
    return account;
  });
}

async function namedAccount({ em }: Pick<Context, 'em'>, name: AccountName): Promise<Account> {
  const where =
    'id' in name ? { id: asId(name.id, 'account') } : { email: normaliseEmail(name.email) };
  return (
    (await em.findOne(Account, { ...where, deletedAt: null })) ??
    fail('NOT_FOUND', 'No such account.')
  );
}
