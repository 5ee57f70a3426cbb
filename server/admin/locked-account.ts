import { sql } from 'kysely';
import { ACCOUNT_COLUMNS, type AccountRow, subjectOf } from '../account/actor.ts';
import { normaliseEmail } from '../account/email.ts';
import type { AccountName } from '../account/set-active.ts';
import type { Context, Subject } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import { asId } from '../kernel/id.ts';

/**
 * What rules look at of the account. What administrators do to its budget waits until the transaction has ended; its
 * requests do not, as they only refer to the row.
 *
 * @throws Failure NOT_FOUND, INVALID
 */
export async function lockedAccount(
  tx: Pick<Context, 'sql' | 'config'>,
  name: AccountName,
): Promise<Subject & { readonly accountId: string }> {
  const isNamed =
    'id' in name
      ? sql`a.id = ${asId(name.id, 'account')}`
      : sql`a.email = ${normaliseEmail(name.email)}`;
  await sql`select from account a where ${isNamed} for no key update`.execute(tx.sql);
  // A statement of its own: it sees what was committed while the lock was waited for.
  const { rows } = await sql<AccountRow>`
    select ${ACCOUNT_COLUMNS} from account a where ${isNamed}`.execute(tx.sql);
  const [row] = rows;
  if (!row) return fail('NOT_FOUND', 'No such account.', { param: 'account' });
  return { accountId: row.account_id, ...subjectOf(row, tx.config) };
}
