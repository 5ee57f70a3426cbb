import { sql } from 'kysely';
import { recordAudit } from '../audit/record-audit.ts';
import type { Context } from '../context.ts';
import { type Claims, matchingGroups } from './matching-groups.ts';

/**
 * Makes the account's memberships by rule exactly those that the claims give; those made by hand stay. Belongs in the
 * transaction of the sign-in.
 */
export async function followRules(
  tx: Pick<Context, 'em' | 'sql' | 'actor' | 'config' | 'live'>,
  accountId: string,
  claims: Claims,
): Promise<void> {
  const names = matchingGroups(tx.config, claims);
  const { rows } = await sql<{ group_name: string; is_new: boolean }>`
    with gone as (
      delete from group_member
      where account_id = ${accountId} and origin = 'rule' and group_name <> all(${names}::text[])
      returning group_name
    ), come as (
      insert into group_member (group_name, account_id, origin)
      select name, ${accountId}::uuid, 'rule' from unnest(${names}::text[]) as name
      on conflict do nothing returning group_name
    )
    select group_name, false as is_new from gone union all select group_name, true from come`.execute(
    tx.sql,
  );
  if (rows.length === 0) return;
  const named = (isNew: boolean) =>
    rows.filter((row) => row.is_new === isNew).map((row) => row.group_name);
  await recordAudit(tx, {
    action: 'account.rules_followed',
    subjectKind: 'account',
    subject: accountId,
    after: { joined: named(true), left: named(false) },
  });
  tx.live.publish({ kind: 'accessChanged', account: accountId });
}
