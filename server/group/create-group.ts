import { sql } from 'kysely';
import { recordAudit } from '../audit/record-audit.ts';
import { administrator, type Context } from '../context.ts';
import { transact } from '../db/transact.ts';
import { fail } from '../kernel/failure.ts';
import { type GroupDefinition, storedDefinition } from './group-definition.ts';
import { type GroupView, manualGroupView } from './group-list.ts';

/**
 * Makes a group by hand; it is in force when this resolves.
 *
 * @throws Failure UNAUTHENTICATED, FORBIDDEN, INVALID, TOO_LARGE, CONFLICT when there is one of this name
 */
export async function createGroup(ctx: Context, definition: GroupDefinition): Promise<GroupView> {
  administrator(ctx);
  const stored = storedDefinition(definition);
  const { name, description, isActive, pool, access } = stored;
  if (ctx.config.groups.has(name)) taken();
  await transact(ctx, async (tx) => {
    const { numAffectedRows } = await sql`
      insert into manual_group (name, description, is_active, pool, access)
      values (${name}, ${description}, ${isActive}, ${pool && JSON.stringify(pool)}::jsonb,
        ${JSON.stringify(access)}::jsonb) on conflict do nothing`.execute(tx.sql);
    if (numAffectedRows !== 1n) taken();
    // Whoever a rule of an earlier group with this name has put in does not belong to this one.
    await sql`delete from group_member where group_name = ${name}`.execute(tx.sql);
    await recordAudit(tx, {
      action: 'group.created',
      subjectKind: 'group',
      subject: name,
      after: stored,
    });
    tx.live.publish({ kind: 'groupsChanged' }, { kind: 'accessChanged', account: null });
  });
  await ctx.parts.manualGroups.load();
  return manualGroupView(ctx, name);
}

const taken = (): never =>
  fail('CONFLICT', 'There is a group of this name already.', { param: 'name' });
