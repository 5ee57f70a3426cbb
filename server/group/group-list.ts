import { sql } from 'kysely';
import type { GroupConfig } from '../config/config.ts';
import { administrator, type Context } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import { groupOf, type ManualGroupRow } from './manual-groups.ts';

/** A group as administrators see it. */
export interface GroupView extends GroupConfig {
  readonly isActive: boolean;
}

type Unit = Pick<Context, 'actor' | 'config' | 'sql'>;

/** All groups by name: those of the configuration, and those made by hand. @throws Failure FORBIDDEN */
export async function groupList(ctx: Unit): Promise<readonly GroupView[]> {
  administrator(ctx);
  const { rows } = await sql<ManualGroupRow>`select * from manual_group`.execute(ctx.sql);
  const locked = lockedGroups(ctx);
  const manual = rows.map(viewOfRow).filter(({ name }) => !locked.has(name));
  return [...locked.values(), ...manual].sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

/** One group, or null when there is none of this name. @throws Failure FORBIDDEN */
export async function groupNamed(ctx: Unit, name: string): Promise<GroupView | null> {
  administrator(ctx);
  return lockedGroups(ctx).get(name) ?? (await manualGroupOrNull(ctx, name));
}

/** @throws Failure NOT_FOUND when it is gone since */
export async function manualGroupView(ctx: Unit, name: string): Promise<GroupView> {
  return (await manualGroupOrNull(ctx, name)) ?? fail('NOT_FOUND', 'There is no such group.');
}

async function manualGroupOrNull(ctx: Unit, name: string): Promise<GroupView | null> {
  if (name.includes('\u0000')) return null;
  const { rows } = await sql<ManualGroupRow>`
    select * from manual_group where name = ${name}`.execute(ctx.sql);
  return rows[0] ? viewOfRow(rows[0]) : null;
}

const viewOfRow = (row: ManualGroupRow): GroupView => ({
  ...groupOf(row),
  isActive: row.is_active,
});

const lockedGroups = ({ config }: Unit): ReadonlyMap<string, GroupView> =>
  new Map(
    [...config.groups.values()]
      .filter(({ isLocked }) => isLocked)
      .map((group) => [group.name, { ...group, isActive: true }]),
  );
