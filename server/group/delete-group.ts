import { sql } from 'kysely';
import { recordAudit } from '../audit/record-audit.ts';
import { administrator, type Context } from '../context.ts';
import { transact } from '../db/transact.ts';
import { fail } from '../kernel/failure.ts';
import { storable } from '../kernel/storable.ts';
import { mustBeManual } from './must-be-manual.ts';

/**
 * Ends a group that was made by hand, with its memberships; gives its name.
 *
 * @throws Failure UNAUTHENTICATED, FORBIDDEN also for a group of the configuration, NOT_FOUND
 */
export async function deleteGroup(ctx: Context, name: string): Promise<string> {
  administrator(ctx);
  mustBeManual(ctx, name);
  await transact(ctx, async (tx) => {
    const { rows } = await sql<{ before: unknown }>`
      delete from manual_group g where name = ${storable(name)} returning to_jsonb(g) as before`.execute(
      tx.sql,
    );
    const [row] = rows;
    if (!row) return fail('NOT_FOUND', 'There is no such group.', { param: 'name' });
    await sql`delete from group_member where group_name = ${name}`.execute(tx.sql);
    await recordAudit(tx, {
      action: 'group.deleted',
      subjectKind: 'group',
      subject: name,
      before: row.before,
    });
    tx.live.publish({ kind: 'groupsChanged' }, { kind: 'accessChanged', account: null });
  });
  await ctx.parts.manualGroups.load();
  return name;
}
