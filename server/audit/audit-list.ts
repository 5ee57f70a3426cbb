import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import { administrator, type Context } from '../context.ts';
import { normalEmail } from '../kernel/email.ts';
import { fail } from '../kernel/failure.ts';
import { decodeCursor, type Page, pageOf, pageSize } from '../kernel/page.ts';
import type { AuditEntry } from './record-audit.ts';

/** A change as administrators read of it. */
export interface AuditView {
  readonly id: string;
  readonly at: Date;
  /** Null for Lumen itself, and for commands on the server. */
  readonly actor: AuditActor | null;
  readonly action: string;
  readonly subjectKind: AuditEntry['subjectKind'];
  readonly subject: string;
  /** What people call the account that it is: its address, or the slug of a project; null for all else. */
  readonly subjectName: string | null;
  readonly before: unknown;
  readonly after: unknown;
  readonly reason: string | null;
}

export interface AuditActor {
  readonly id: string;
  /** Null when the account is gone, or a project. */
  readonly email: string | null;
  readonly name: string | null;
}

/** All that is given must hold. */
export interface AuditFilter {
  /** An account's id, or a person's address. */
  readonly actor?: string | null;
  /** As it was written down, or the address of a person. */
  readonly subject?: string | null;
  readonly action?: string | null;
  /** Included. */
  readonly from?: Date | null;
  /** Not included. */
  readonly to?: Date | null;
}

type Row = Omit<AuditView, 'at' | 'actor'> & {
  /** With microseconds, as the cursor needs it. */
  readonly at: string;
  readonly actorId: string | null;
  readonly actorEmail: string | null;
  readonly actorName: string | null;
};

const FILTER_CHARACTERS_MAX = 300;
const CURSOR = z.tuple([z.iso.datetime({ offset: true }), z.string().regex(/^\d{1,18}$/)]);

const UUID = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';

/** Who did what to whom, the newest first. @throws Failure UNAUTHENTICATED, FORBIDDEN, INVALID */
export async function auditList(
  ctx: Pick<Context, 'actor' | 'sql'>,
  { first, after, filter }: { first: number; after: string | null; filter: AuditFilter },
): Promise<Page<AuditView>> {
  administrator(ctx);
  const size = pageSize(first);
  const conditions = conditionsOf(filter);
  if (after !== null) {
    const [at, id] = decodeCursor(after, CURSOR);
    conditions.push(sql`(e.at, e.id) < (${at}::timestamptz, ${id}::bigint)`);
  }
  const { rows } = await sql<Row>`
    select e.id::text as id, e.action, e.subject_kind as "subjectKind", e.subject, e.before, e.after, e.reason,
      to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, e.actor_id as "actorId",
      a.email as "actorEmail", a.name as "actorName", coalesce(s.email, s.slug) as "subjectName"
    from (
      select * from audit_entry e where ${sql.join(conditions, sql` and `)}
      order by e.at desc, e.id desc limit ${size + 1}
    ) e
      left join account a on a.id = e.actor_id
      left join account s on s.id = case when e.subject ~ ${UUID} then e.subject::uuid end
    order by e.at desc, e.id desc`.execute(ctx.sql);
  const { nodes, next } = pageOf(rows, size, (last) => [last.at, last.id]);
  return { nodes: nodes.map(viewOf), next };
}

function conditionsOf({ actor, subject, action, from, to }: AuditFilter): RawBuilder<unknown>[] {
  const conditions = [sql`true`];
  if (actor) conditions.push(sql`e.actor_id = any(${accountsCalled(readable(actor))}::uuid[])`);
  if (subject) {
    const name = readable(subject);
    conditions.push(sql`e.subject = any(array_append(${accountsCalled(name)}::text[], ${name}))`);
  }
  if (action) conditions.push(sql`e.action = ${readable(action)}`);
  if (from) conditions.push(sql`e.at >= ${from}`);
  if (to) conditions.push(sql`e.at < ${to}`);
  return conditions;
}

/** Ids of the accounts that somebody may mean: found once, before the entries are looked for. */
function accountsCalled(name: string): RawBuilder<unknown> {
  const { data: id } = z.uuid().safeParse(name.trim().toLowerCase());
  return id
    ? sql`array[${id}]`
    : sql`array(select id from account where email = ${normalEmail(name)})`;
}

function readable(text: string): string {
  if (text.length > FILTER_CHARACTERS_MAX || text.includes('\u0000'))
    fail('INVALID', 'There can be no such name in the audit trail.', { param: 'filter' });
  return text;
}

const viewOf = ({ at, actorId, actorEmail, actorName, ...rest }: Row): AuditView => ({
  ...rest,
  at: new Date(at),
  actor: actorId === null ? null : { id: actorId, email: actorEmail, name: actorName },
});
