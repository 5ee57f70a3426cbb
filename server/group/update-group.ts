import { sql } from 'kysely';
import { recordAudit } from '../audit/record-audit.ts';
import { administrator, type Context } from '../context.ts';
import { transact } from '../db/transact.ts';
import { fail } from '../kernel/failure.ts';
import { type GroupDefinition, storedDefinition } from './group-definition.ts';
import { type GroupView, manualGroupView } from './group-list.ts';
import { mustBeManual } from './must-be-manual.ts';

/**
 * Defines a group anew that was made by hand; its members stay. It is in force when this resolves.
 *
 * @throws Failure UNAUTHENTICATED, FORBIDDEN also for a group of the configuration, INVALID, TOO_LARGE, NOT_FOUND
 */
export async function updateGroup(ctx: Context, definition: GroupDefinition): Promise<GroupView> {
  administrator(ctx);
  const stored = storedDefinition(definition);
  const { name, description, isActive, pool, access } = stored;
  mustBeManual(ctx, name);
  await transact(ctx, async (tx) => {
    const { rows } = await sql<{ before: unknown }>`
      with old as (select * from manual_group where name = ${name} for update)
      update manual_group g set description = ${description}, is_active = ${isActive},
        pool = ${pool && JSON.stringify(pool)}::jsonb, access = ${JSON.stringify(access)}::jsonb
      from old where g.name = old.name
      returning jsonb_build_object('description', old.description, 'isActive', old.is_active,
        'pool', old.pool, 'access', old.access) as before`.execute(tx.sql);
    const [row] = rows;
    if (!row) return fail('NOT_FOUND', 'There is no such group.', { param: 'name' });
    await recordAudit(tx, {
      action: 'group.updated',
      subjectKind: 'group',
      subject: name,
      before: row.before,
      after: stored,
    });
    tx.live.publish({ kind: 'groupsChanged' });
  });
  await ctx.parts.manualGroups.load();
  return manualGroupView(ctx, name);
}
