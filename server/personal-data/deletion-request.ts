import { sql } from 'kysely';
import { readableReason } from '../audit/reason.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { type Context, signedIn } from '../context.ts';
import { transact } from '../db/transact.ts';
import { fail } from '../kernel/failure.ts';

/** When the actor asked for their account to be deleted; null when they do not. */
export async function deletionAskedAt(ctx: Pick<Context, 'sql' | 'actor'>): Promise<Date | null> {
  const { rows } = await sql<{ asked_at: string }>`
    select asked_at from deletion_request where account_id = ${signedIn(ctx).accountId}`.execute(
    ctx.sql,
  );
  return rows[0] ? new Date(rows[0].asked_at) : null;
}

/**
 * Asks the administrators to delete the actor's account; again changes what is said of it, and not since when.
 *
 * @throws Failure UNAUTHENTICATED, INVALID, TOO_LARGE, FORBIDDEN for projects
 */
export async function requestDeletion(ctx: Context, note: string | null): Promise<Date | null> {
  const { accountId, kind } = signedIn(ctx);
  if (kind !== 'person')
    return fail('FORBIDDEN', 'Projects are deleted by those who administer them.');
  const said = readableReason(note ?? '') || null;
  return transact(ctx, async (tx) => {
    const { rows } = await sql<{ isNew: boolean }>`
      insert into deletion_request (account_id, note) values (${accountId}, ${said})
      on conflict (account_id) do update set note = excluded.note returning xmax = 0 as "isNew"`.execute(
      tx.sql,
    );
    if (rows[0]?.isNew)
      await recordAudit(tx, {
        action: 'account.deletion_requested',
        subjectKind: 'account',
        subject: accountId,
      });
    return deletionAskedAt(tx);
  });
}

/** The actor would rather stay; without a request nothing changes. @throws Failure UNAUTHENTICATED */
export async function withdrawDeletionRequest(ctx: Context): Promise<boolean> {
  const { accountId } = signedIn(ctx);
  return transact(ctx, async (tx) => {
    const { numAffectedRows } = await sql`
      delete from deletion_request where account_id = ${accountId}`.execute(tx.sql);
    if (numAffectedRows === 0n) return false;
    await recordAudit(tx, {
      action: 'account.deletion_withdrawn',
      subjectKind: 'account',
      subject: accountId,
    });
    return true;
  });
}
