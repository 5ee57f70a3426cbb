import { sql } from 'kysely';
import { ACCOUNT_COLUMNS, type AccountRow, subjectOf } from '../account/actor.ts';
import { releaseLeases } from '../budget/leases.ts';
import { poolPolicy } from '../budget/pool-policy.ts';
import type { Context } from '../context.ts';
import type { Price } from '../kernel/coins.ts';
import { billFor, tokens } from './bill.ts';
import { DEAD_AFTER_SECONDS } from './replica.ts';

/** Longer than it takes from holding coins for a request to having it among the open ones. */
const FORGOTTEN_AFTER_SECONDS = 30;

interface Orphan extends AccountRow {
  readonly request_id: string;
  readonly api_key_id: string | null;
  readonly source: 'chat' | 'api';
  readonly model: string;
  readonly input_price: Price;
  readonly output_price: Price;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly is_timed: boolean;
  readonly age_ms: number;
}

/** True when the replica that a column names is gone. */
export const isDead = (
  replicaId: 'r.replica_id' | 'message.replica_id' | 'pool_lease.replica_id',
) => sql<boolean>`not exists (
  select 1 from replica where replica.id = ${sql.ref(replicaId)}
    and heartbeat_at > now() - make_interval(secs => ${DEAD_AFTER_SECONDS}))`;

/** True for a reservation of this process whose request has ended without a bill, because none could be written. */
const isForgotten = (openIds: readonly string[]) => sql`(
  r.opened_at < now() - make_interval(secs => ${FORGOTTEN_AFTER_SECONDS})
    and not r.request_id = any(${openIds}::uuid[]))`;

/**
 * Settles what dead processes left open: for what they had produced when they were last heard of, for the whole length of
 * a recording that was sent by then, else for nothing.
 */
export async function reapRequests(
  ctx: Pick<Context, 'sql' | 'config' | 'log' | 'parts'>,
): Promise<number> {
  const { replica } = ctx.parts;
  await releaseLeases(ctx.sql, isDead('pool_lease.replica_id'));
  const { rows } = await sql<Orphan>`
    select r.request_id, ${ACCOUNT_COLUMNS}, r.api_key_id, r.source, r.model, r.input_price, r.output_price,
      r.input_tokens, r.output_tokens, r.is_timed, least(extract(epoch from now() - r.opened_at) * 1000, 2147483647)::int as age_ms
    from reservation r join account a on a.id = r.account_id
    where case when r.replica_id = ${replica.id}::uuid then ${isForgotten(replica.openIds)}
      else ${isDead('r.replica_id')} end limit 1000`.execute(ctx.sql);
  await Promise.all(rows.map((orphan) => settleOrphan(ctx, orphan)));
  if (rows.length > 0)
    ctx.log.warn({ requests: rows.length }, 'settled requests that were left open');
  return rows.length;
}

function settleOrphan(ctx: Pick<Context, 'config' | 'parts'>, orphan: Orphan): Promise<void> {
  const { request_id: requestId, account_id: accountId, api_key_id: apiKeyId } = orphan;
  const policy = poolPolicy(ctx.config, subjectOf(orphan, ctx.config));
  const read = orphan.output_tokens > 0 ? orphan.input_tokens : 0;
  const written = orphan.is_timed ? 0 : orphan.output_tokens;
  const { cost, charge } = billFor(
    {
      unit: policy?.unit ?? 'coins',
      prices: { input: orphan.input_price, output: orphan.output_price },
      cachedInput: null,
    },
    tokens(read, written),
  );
  return ctx.parts.settler.settle({
    settlement: { requestId, accountId, policy, charge, leased: null },
    record: {
      requestId,
      accountId,
      apiKeyId,
      addressClass: null,
      model: orphan.model,
      endpointId: null,
      source: orphan.source,
      outcome: 'interrupted',
      failureCode: null,
      usage: orphan.is_timed ? tokens(0, 0) : tokens(read, written),
      audioSeconds: orphan.is_timed ? read : 0,
      isEstimated: read + written > 0,
      cost,
      firstTokenMs: null,
      durationMs: orphan.age_ms,
    },
  });
}
