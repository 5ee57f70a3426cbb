import { sql } from 'kysely';
import type { Context } from '../context.ts';

/** Something that an administrator, an owner or a sign-in changed; never a secret. */
export interface AuditEntry {
  /** What was done, as `noun.verbed`: `account.disabled`. */
  readonly action: string;
  readonly subjectKind:
    | 'account'
    | 'group'
    | 'key'
    | 'project'
    | 'session'
    | 'model'
    | 'endpoint'
    | 'config';
  /** The subject's id, or its name where it has none. */
  readonly subject: string;
  readonly before?: unknown;
  readonly after?: unknown;
  readonly reason?: string;
}

/** Writes the entry in the transaction of `ctx.em`: a change without its entry can not be. */
export async function recordAudit(
  ctx: Pick<Context, 'em' | 'actor'>,
  { action, subjectKind, subject, before, after, reason }: AuditEntry,
): Promise<void> {
  await sql`insert into audit_entry (actor_id, action, subject_kind, subject, before, after, reason) values
    (${ctx.actor?.accountId ?? null}, ${action}, ${subjectKind}, ${subject}, ${json(before)}, ${json(after)},
      ${reason ?? null})`.execute(ctx.em.getKysely());
}

const json = (value: unknown): string | null =>
  value === undefined ? null : JSON.stringify(value);
