/** Reservations as rows, many at a time. */
import { sql } from 'kysely';
import { type Columns, rowsOf } from '../db/rows.ts';
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

const RESERVATION = {
  request_id: 'uuid',
  account_id: 'uuid',
  api_key_id: 'uuid',
  source: 'text',
  model: 'text',
  is_pooled: 'boolean',
  amount: 'bigint',
  key_amount: 'bigint',
  monthly_amount: 'bigint',
  input_price: 'bigint',
  output_price: 'bigint',
  input_tokens: 'int',
  output_tokens: 'int',
  is_timed: 'boolean',
} as const satisfies Columns;

const COLUMNS = sql.raw(Object.keys(RESERVATION).join(', '));

const wantedRows = rowsOf({ ...RESERVATION, unit: 'text' });

/** The relation `wanted`, with the unit of the pool beside the columns of a reservation. */
export const wanted = (rows: readonly ReservationRow[]) =>
  sql`wanted as ${wantedRows(
    rows.map(({ ask, produced, ...held }) => ({
      request_id: ask.requestId,
      account_id: ask.accountId,
      api_key_id: ask.apiKeyId,
      source: ask.source,
      model: ask.model,
      is_pooled: isLimited(ask.policy),
      unit: ask.policy.unit,
      amount: held.amount.toString(),
      key_amount: held.keyAmount.toString(),
      monthly_amount: held.monthlyAmount.toString(),
      input_price: ask.prices.input.toString(),
      output_price: ask.prices.output.toString(),
      input_tokens: ask.inputTokens,
      output_tokens: produced ?? 0,
      is_timed: ask.isTimed,
    })),
  )}`;

/** Inserts what `wanted` has; more relations and conditions may follow. */
export const insertWanted = (replicaId: string) =>
  sql`insert into reservation (${COLUMNS}, replica_id) select ${COLUMNS}, ${replicaId}::uuid from wanted`;
