import { sql } from 'kysely';
import { readableReason } from '../audit/reason.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { Context } from '../context.ts';
import { transact } from '../db/transact.ts';
import { fail } from '../kernel/failure.ts';
import { type EndpointView, endpointView } from './endpoint-list.ts';

const REASON_CHARACTERS_MAX = 500;

/**
 * Takes an endpoint out of rotation on all replicas until it is put back; what runs there goes on to its end. Again
 * changes nothing.
 *
 * @throws Failure FORBIDDEN, NOT_FOUND, TOO_LARGE, INVALID
 */
export async function withdrawEndpoint(
  ctx: Context,
  id: string,
  reason: string | null,
): Promise<EndpointView> {
  const { host, upstreamModel } = endpointView(ctx, id);
  if ((reason?.length ?? 0) > REASON_CHARACTERS_MAX)
    fail('TOO_LARGE', `A reason has at most ${REASON_CHARACTERS_MAX} characters.`, {
      param: 'reason',
    });
  const why = readableReason(reason ?? '') || null;
  await transact(ctx, async (tx) => {
    const { numAffectedRows } = await sql`
      insert into endpoint_withdrawal (endpoint_id, reason) values (${id}, ${why})
      on conflict do nothing`.execute(tx.sql);
    if (numAffectedRows !== 1n) return;
    await recordAudit(tx, {
      action: 'endpoint.withdrawn',
      subjectKind: 'endpoint',
      subject: id,
      after: { host, upstreamModel },
      ...(why === null ? {} : { reason: why }),
    });
    tx.live.publish({ kind: 'endpointsChanged' });
  });
  await ctx.parts.catalogue.loadWithdrawals();
  return endpointView(ctx, id);
}
