import { sql } from 'kysely';
import { personWithAddress } from '../account/person-with-address.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { administrator, type Context } from '../context.ts';
import { transact } from '../db/transact.ts';
import { fail } from '../kernel/failure.ts';
import { type GroupView, groupNamed } from './group-list.ts';

/** A person by their address, or a project by its slug; one of the two. */
export interface MemberName {
  readonly email?: string | null;
  readonly project?: string | null;
}

/**
 * Puts an account into a group by hand, also into one of the configuration; again changes nothing.
 *
 * @throws Failure UNAUTHENTICATED, FORBIDDEN, INVALID, NOT_FOUND for an unknown group, person or project
 */
export const addGroupMember = (ctx: Context, group: string, name: MemberName): Promise<GroupView> =>
  changeMember(ctx, group, name, 'joined');

/** Ends a membership by hand; one by rule stays. @throws Failure as `addGroupMember` */
export const removeGroupMember = (
  ctx: Context,
  group: string,
  name: MemberName,
): Promise<GroupView> => changeMember(ctx, group, name, 'left');

async function changeMember(
  ctx: Context,
  name: string,
  member: MemberName,
  change: 'joined' | 'left',
): Promise<GroupView> {
  administrator(ctx);
  const group = (await groupNamed(ctx, name)) ?? fail('NOT_FOUND', 'There is no such group.');
  await transact(ctx, async (tx) => {
    const accountId = await accountNamed(tx, member);
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
      [change === 'joined' ? 'after' : 'before']: { account: accountId },
    });
    tx.live.publish({ kind: 'accessChanged', account: accountId });
  });
  return group;
}

function accountNamed(tx: Pick<Context, 'sql'>, { email, project }: MemberName): Promise<string> {
  if (email && !project) return personWithAddress(tx, email);
  if (project && !email) return projectWithSlug(tx, project);
  return fail('INVALID', 'Name either a person by their address or a project by its slug.', {
    param: 'email',
  });
}

async function projectWithSlug(tx: Pick<Context, 'sql'>, slug: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    select id from account where slug = ${slug.replaceAll('\u0000', '')}`.execute(tx.sql);
  return rows[0]?.id ?? fail('NOT_FOUND', 'There is no such project.', { param: 'project' });
}
