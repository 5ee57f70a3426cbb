import { sql } from 'kysely';
import type { AccountName } from '../account/set-active.ts';
import { statedReason } from '../audit/reason.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { administrator, type Context } from '../context.ts';
import { transact } from '../db/transact.ts';
import { fail } from '../kernel/failure.ts';
import { erasePerson } from '../personal-data/erase-person.ts';
import { lockedAccount } from './locked-account.ts';

/**
 * Deletes the account of a person who asked for it. Gives its id, which is all that is left to name it.
 *
 * @throws Failure UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, INVALID, TOO_LARGE, CONFLICT when it is one's own, or nobody asked
 */
export const confirmDeletion = (ctx: Context, name: AccountName, reason: string): Promise<string> =>
  decide(ctx, name, reason, 'account.deleted');

/** Lets the account of a person stay who asked for its deletion. Gives its id. @throws Failure as `confirmDeletion` */
export const declineDeletion = (ctx: Context, name: AccountName, reason: string): Promise<string> =>
  decide(ctx, name, reason, 'account.deletion_declined');

function decide(
  ctx: Context,
  name: AccountName,
  reason: string,
  action: 'account.deleted' | 'account.deletion_declined',
): Promise<string> {
  const { accountId: own } = administrator(ctx);
  const why = statedReason(reason);
  return transact(ctx, async (tx) => {
    const { accountId } = await lockedAccount(tx, name);
    if (accountId === own && action === 'account.deleted')
      fail('CONFLICT', 'Another administrator has to delete your own account.', {
        reason: 'oneself',
      });
    const { numAffectedRows } = await sql`
      delete from deletion_request where account_id = ${accountId}`.execute(tx.sql);
    if (numAffectedRows === 0n)
      fail('CONFLICT', 'This person does not ask for their account to be deleted.', {
        reason: 'deletion_not_asked',
      });
    await recordAudit(tx, { action, subjectKind: 'account', subject: accountId, reason: why });
    if (action === 'account.deleted') await erasePerson(tx, accountId);
    return accountId;
  });
}
