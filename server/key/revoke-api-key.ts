import { recordAudit } from '../audit/record-audit.ts';
import { type Context, signedIn } from '../context.ts';
import { transact } from '../db/transact.ts';
import { fail } from '../kernel/failure.ts';
import { asId } from '../kernel/id.ts';
import { ApiKey } from './api-key.entity.ts';

/** Ends a key of the actor's for good; its history stays. Revoking it again changes nothing. @throws Failure NOT_FOUND */
export const revokeApiKey = (ctx: Context, id: string): Promise<ApiKey> =>
  revokeKeyOf(ctx, signedIn(ctx).accountId, id);

/** The same for a key of any account. The caller has checked that the actor may. @throws Failure NOT_FOUND */
export function revokeKeyOf(ctx: Context, accountId: string, id: string): Promise<ApiKey> {
  return transact(ctx, async (tx) => {
    const key = await tx.em.findOne(ApiKey, { id: asId(id, 'API key'), accountId });
    if (!key) return fail('NOT_FOUND', 'No such API key.');
    if (key.revokedAt) return key;
    key.revokedAt = new Date();
    await recordAudit(tx, {
      action: 'key.revoked',
      subjectKind: 'key',
      subject: key.id,
      after: { account: accountId },
    });
    tx.live.publish({ kind: 'keysChanged', account: accountId });
    return key;
  });
}
