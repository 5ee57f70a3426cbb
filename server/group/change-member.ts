import { sql } from 'kysely';
import { normaliseEmail } from '../account/email.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { administrator, type Context } from '../context.ts';
import { transact } from '../db/transact.ts';
import { fail } from '../kernel/failure.ts';
import { type GroupView, groupNamed } from './group-list.ts';

/**
 * Puts a person into a group by hand, also into one of the configuration; again changes nothing.
 *
 * @throws Failure UNAUTHENTICATED, FORBIDDEN, INVALID, NOT_FOUND for an unknown group or person
 */
export const addGroupMember = (ctx: Context, group: string, email: string): Promise<GroupView> =>
  changeMember(ctx, group, email, 'joined');

/** Ends a membership by hand; one by rule stays. @throws Failure as `addGroupMember` */
export const removeGroupMember = (ctx: Context, group: string, email: string): Promise<GroupView> =>
  changeMember(ctx, group, email, 'left');

async function changeMember(
  ctx: Context,
  name: string,
  email: string,
  change: 'joined' | 'left',
): Promise<GroupView> {
  administrator(ctx);
  const address = normaliseEmail(email);
  const group = (await groupNamed(ctx, name)) ?? fail('NOT_FOUND', 'There is no such group.');
  await transact(ctx, async (tx) => {
    const accountId = await personWith(tx, address);
    const { numAffectedRows } = await (change === 'joined'
      ? sql`insert into group_member (group_name, account_id, origin)
          values (${name}, ${accountId}, 'manual') on conflict do nothing`
      : sql`delete from group_member
          where group_name = ${name} and account_id = ${accountId} and origin = 'manual'`
    ).execute(tx.sql);
    if (numAffectedRows === 0n) return;
    await recordAudit(tx, {
      action: `group.member_${change}`,
      subjectKind: 'group',
      subject: name,
      after: { account: accountId },
    });
    tx.live.publish({ kind: 'accessChanged', account: accountId });
  });
  return group;
}

async function personWith(tx: Pick<Context, 'sql'>, email: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`select id from account where email = ${email}`.execute(
    tx.sql,
  );
  return rows[0]?.id ?? fail('NOT_FOUND', 'Nobody with this address has signed in yet.');
}
