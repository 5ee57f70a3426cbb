import { sql } from 'kysely';
import { recordAudit } from '../audit/record-audit.ts';
import type { Context } from '../context.ts';
import type { Sql } from '../db/orm.ts';
import { transact } from '../db/transact.ts';
import { fail } from '../kernel/failure.ts';
import { giveSlices } from '../usage/give-slices.ts';

/** How many rows were given to the other model. */
export interface Reassigned {
  readonly conversations: number;
  readonly messages: number;
  readonly requests: number;
  /** Hours of usage; those that both models had are one now. */
  readonly usageHours: number;
  readonly reservations: number;
}

/**
 * Gives the history of one model to another, so that a model may be renamed in the configuration. Acknowledgements are
 * not moved: nobody has agreed to the terms of the other one. The caller has checked that the actor may.
 *
 * @throws Failure INVALID when `to` is not configured, NOT_FOUND when nothing was ever done with `from`
 */
export function reassignModel(
  ctx: Pick<Context, 'em' | 'sql' | 'config' | 'live' | 'actor'>,
  from: string,
  to: string,
): Promise<Reassigned> {
  if (from === to || !ctx.config.models.has(to))
    fail('INVALID', `There is no other model "${to}" in the configuration.`, { param: 'to' });
  return transact(ctx, async (tx) => {
    // The request log of a year is more than what a request may take.
    await sql`set local statement_timeout = 0`.execute(tx.sql);
    const counts = await moved(tx.sql, from, to);
    await giveSlices(tx.sql, from, to);
    if (Object.values(counts).every((count) => count === 0))
      fail('NOT_FOUND', `Nothing was ever done with a model "${from}".`, { param: 'from' });
    await recordAudit(tx, {
      action: 'model.reassigned',
      subjectKind: 'model',
      subject: from,
      after: { to, ...counts },
    });
    tx.live.publish({ kind: 'modelsChanged' });
    return counts;
  });
}

async function moved(tx: Sql, from: string, to: string): Promise<Reassigned> {
  const rename = async (table: string): Promise<number> => {
    const { numAffectedRows = 0n } =
      await sql`update ${sql.table(table)} set model = ${to} where model = ${from}`.execute(tx);
    return Number(numAffectedRows);
  };
  return {
    conversations: await rename('conversation'),
    messages: await rename('message'),
    requests: await rename('request_log'),
    usageHours: await mergeUsage(tx, from, to),
    reservations: await rename('reservation'),
  };
}

async function mergeUsage(tx: Sql, from: string, to: string): Promise<number> {
  const { rows } = await sql<{ hours: number }>`
    with gone as (delete from usage_hour where model = ${from} returning *),
    merged as (
      insert into usage_hour as kept
        (hour, account_id, model, source, requests, input_tokens, output_tokens, cost, last_at)
      select hour, account_id, ${to}, source, requests, input_tokens, output_tokens, cost, last_at from gone
      on conflict (account_id, hour, model, source) do update set
        requests = kept.requests + excluded.requests,
        input_tokens = kept.input_tokens + excluded.input_tokens,
        output_tokens = kept.output_tokens + excluded.output_tokens,
        cost = kept.cost + excluded.cost,
        last_at = greatest(kept.last_at, excluded.last_at)
    )
    select count(*)::int as hours from gone`.execute(tx);
  return rows[0]?.hours ?? 0;
}
