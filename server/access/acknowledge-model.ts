import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { type Context, signedIn } from '../context.ts';
import { transact } from '../db/transact.ts';
import { fail } from '../kernel/failure.ts';
import { effectiveAccess } from './effective-access.ts';
import { acknowledgementOf, type ModelView, viewOf } from './visible-models.ts';

/**
 * Accepts the terms of a model for the actor's account, with what they said and when; again changes nothing.
 *
 * @throws Failure NOT_FOUND for a model that the actor may not know of, INVALID when it has no terms
 */
export async function acknowledgeModel(ctx: Context, name: string): Promise<ModelView> {
  const actor = signedIn(ctx);
  const { config, parts } = ctx;
  const model = config.models.get(name);
  if (!model || effectiveAccess(config, actor, model) === 'BLOCKED')
    return fail('NOT_FOUND', 'There is no such model.', { param: 'name' });
  const text =
    acknowledgementOf(config, model) ??
    fail('INVALID', 'This model needs no acknowledgement.', { param: 'name' });
  const textHash = createHash('sha256').update(text).digest();
  await transact(ctx, async (tx) => {
    await sql`insert into acknowledgement (account_id, model, text_hash)
      values (${actor.accountId}, ${name}, ${textHash}) on conflict do nothing`.execute(tx.sql);
    tx.live.publish({ kind: 'accessChanged', account: actor.accountId });
  });
  const acknowledged = new Set([...actor.acknowledged, name]);
  return viewOf({ config, parts, actor: { ...actor, acknowledged } }, model);
}
