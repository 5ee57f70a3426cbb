import { sql } from 'kysely';
import { z } from 'zod';
import { administrator, type Context } from '../context.ts';
import { decodeCursor, type Page, pageOf, pageSize } from '../kernel/page.ts';

export interface GroupMember {
  readonly name: string;
  /** Null for projects. */
  readonly email: string | null;
  /** Null for people. */
  readonly slug: string | null;
  readonly isByRule: boolean;
  readonly isByHand: boolean;
}

const CURSOR = z.tuple([z.string(), z.uuid()]);

/** Who is in a group by a rule or by hand, by name; not whom the configuration names. @throws Failure FORBIDDEN, INVALID */
export async function memberList(
  ctx: Pick<Context, 'actor' | 'config' | 'sql'>,
  group: string,
  { first, after }: { readonly first: number; readonly after: string | null },
): Promise<Page<GroupMember>> {
  administrator(ctx);
  const size = pageSize(first);
  const [name, id] = after === null ? [null, null] : decodeCursor(after, CURSOR);
  // Whom a rule has put in is in no longer when the group has no rules any more.
  const hasRules = (ctx.config.groups.get(group)?.rules.length ?? 0) > 0;
  const { rows } = await sql<GroupMember & { id: string }>`
    select a.id, a.name, a.email, a.slug, bool_or(m.origin = 'rule') as "isByRule", bool_or(m.origin = 'manual') as "isByHand"
    from group_member m join account a on a.id = m.account_id
    where m.group_name = ${group} and (${hasRules} or m.origin = 'manual') and (${name}::text is null or (a.name, a.id) > (${name}, ${id}::uuid))
    group by a.id order by a.name, a.id limit ${size + 1}`.execute(ctx.sql);
  return pageOf(rows, size, (last) => [last.name, last.id]);
}
