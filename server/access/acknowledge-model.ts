import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { subjectsWith } from '../account/subjects.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { type Actor, type Context, type Subject, signedIn } from '../context.ts';
import { transact } from '../db/transact.ts';
import { fail } from '../kernel/failure.ts';
import { effectiveAccess } from './effective-access.ts';
import { acknowledgementOf, type ModelView, viewOf } from './visible-models.ts';

/** Accepts the terms of a model for the actor's own account. @throws Failure as `acknowledgeFor` */
export const acknowledgeModel = (ctx: Context, name: string): Promise<ModelView> =>
  acknowledgeFor(ctx, signedIn(ctx), name);

/**
 * Accepts the terms of a model for an account, with what they said and when; again changes nothing. The caller has
 * checked that the actor may speak for the account.
 *
 * @throws Failure NOT_FOUND for a model that the account may not know of, INVALID when it has no terms
 */
export async function acknowledgeFor(
  ctx: Context,
  account: Subject & Pick<Actor, 'accountId'>,
  name: string,
): Promise<ModelView> {
  const { accountId } = account;
  const model = ctx.config.models.get(name);
  if (!model || effectiveAccess(ctx.config, account, model) === 'BLOCKED')
    return fail('NOT_FOUND', 'There is no such model.', { param: 'name' });
  const text =
    acknowledgementOf(ctx.config, model) ??
    fail('INVALID', 'This model needs no acknowledgement.', { param: 'name' });
  const textHash = createHash('sha256').update(text).digest();
  await transact(ctx, async (tx) => {
    const { numAffectedRows } = await sql`insert into acknowledgement (account_id, model, text_hash)
      values (${accountId}, ${name}, ${textHash}) on conflict do nothing`.execute(tx.sql);
    if (numAffectedRows === 0n) return;
    await recordAudit(tx, {
      action: 'account.model_acknowledged',
      subjectKind: 'account',
      subject: accountId,
      after: { model: name },
    });
    tx.live.publish({ kind: 'accessChanged', account: accountId });
  });
  const [now] = await subjectsWith(ctx, [accountId]);
  return viewOf(ctx, now ?? account, model);
}
