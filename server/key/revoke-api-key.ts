import type { Context } from '../context.ts';
import { signedIn } from '../context.ts';
import { transact } from '../db/transact.ts';
import { fail } from '../kernel/failure.ts';
import { asId } from '../kernel/id.ts';
import { ApiKey } from './api-key.entity.ts';

/** Ends a key of the actor's for good; its history stays. Revoking it again changes nothing. */
export function revokeApiKey(ctx: Context, id: string): Promise<ApiKey> {
  const { accountId } = signedIn(ctx);
  return transact(ctx, async (tx) => {
    const key = await tx.em.findOne(ApiKey, { id: asId(id, 'API key'), accountId });
    if (!key) return fail('NOT_FOUND', 'No such API key.');
    key.revokedAt ??= new Date();
    tx.live.publish({ kind: 'keysChanged', account: accountId });
    return key;
  });
}
