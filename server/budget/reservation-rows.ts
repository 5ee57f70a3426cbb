/** Reservations as rows, many at a time. */
import { sql } from 'kysely';
import type { Coins } from '../kernel/coins.ts';
import { isLimited } from './pool.ts';
import type { ReserveAsk } from './reserve-ask.ts';

export interface ReservationRow {
  readonly ask: ReserveAsk;
  readonly amount: Coins;
  /** Coins that are held of what the key may cost; nothing when it has no cap. */
  readonly keyAmount: Coins;
  /** Coins that are held of the person's own limit; nothing when they have none. */
  readonly monthlyAmount: Coins;
  /** What was produced so far; nothing when left out. */
  readonly produced?: number;
}

const COLUMNS = sql.raw(
  'request_id, account_id, api_key_id, source, model, is_pooled, amount, key_amount, monthly_amount, input_price, output_price, input_tokens, output_tokens, is_timed',
);

/** The relation `wanted`, with the unit of the pool beside the columns of a reservation. */
export function wanted(rows: readonly ReservationRow[]) {
  const asks = rows.map(({ ask }) => ask);
  return sql`wanted as (select * from unnest(
      ${asks.map((a) => a.requestId)}::uuid[], ${asks.map((a) => a.accountId)}::uuid[],
      ${asks.map((a) => a.apiKeyId)}::uuid[], ${asks.map((a) => a.source)}::text[],
      ${asks.map((a) => a.model)}::text[], ${asks.map((a) => isLimited(a.policy))}::boolean[],
      ${asks.map((a) => a.policy.unit)}::text[], ${rows.map((r) => r.amount)}::bigint[],
      ${rows.map((r) => r.keyAmount)}::bigint[], ${rows.map((r) => r.monthlyAmount)}::bigint[],
      ${asks.map((a) => a.prices.input)}::bigint[], ${asks.map((a) => a.prices.output)}::bigint[],
      ${asks.map((a) => a.inputTokens)}::int[], ${rows.map((r) => r.produced ?? 0)}::int[],
      ${asks.map((a) => a.isTimed)}::boolean[])
    as t (request_id, account_id, api_key_id, source, model, is_pooled, unit, amount, key_amount, monthly_amount, input_price, output_price,
      input_tokens, output_tokens, is_timed))`;
}

/** Inserts what `wanted` has; more relations and conditions may follow. */
export const insertWanted = (replicaId: string) =>
  sql`insert into reservation (${COLUMNS}, replica_id) select ${COLUMNS}, ${replicaId}::uuid from wanted`;
