import { sql } from 'kysely';
import { recordAudit } from '../audit/record-audit.ts';
import type { Context } from '../context.ts';
import { transact } from '../db/transact.ts';
import { type EndpointView, endpointView } from './endpoint-list.ts';

/**
 * Puts a withdrawn endpoint back into rotation on all replicas; it gets requests where it is healthy. Again changes
 * nothing.
 *
 * @throws Failure FORBIDDEN, NOT_FOUND
 */
export async function restoreEndpoint(ctx: Context, id: string): Promise<EndpointView> {
  const { host, upstreamModel } = endpointView(ctx, id);
  await transact(ctx, async (tx) => {
    const { numAffectedRows } = await sql`
      delete from endpoint_withdrawal where endpoint_id = ${id}`.execute(tx.sql);
    if (numAffectedRows !== 1n) return;
    await recordAudit(tx, {
      action: 'endpoint.restored',
      subjectKind: 'endpoint',
      subject: id,
      after: { host, upstreamModel },
    });
    tx.live.publish({ kind: 'endpointsChanged' });
  });
  await ctx.parts.catalogue.loadWithdrawals();
  return endpointView(ctx, id);
}
