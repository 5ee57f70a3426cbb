import { sql } from 'kysely';
import type { Sql } from '../db/orm.ts';
import type { Coins } from '../kernel/coins.ts';
import { lockIds } from './cap-locks.ts';
import { CoinCaps } from './coin-caps.ts';
import type { ReserveAsk } from './reserve-ask.ts';

const cappedKeyOf = ({ isKeyCapped, apiKeyId }: ReserveAsk): string | null =>
  isKeyCapped ? apiKeyId : null;

/**
 * What API keys may still cost, inside a transaction that reserves: others that reserve with one of the keys wait until it
 * has ended.
 */
export async function lockKeyCaps(tx: Sql, asks: readonly ReserveAsk[]): Promise<CoinCaps> {
  // Not the rows themselves: settling updates them, in an order of its own.
  const ids = await lockIds(tx, asks.map(cappedKeyOf));
  if (ids.length === 0) return new CoinCaps(new Map(), cappedKeyOf);
  // One statement, so one look: what is settled meanwhile is either still reserved or already a cost.
  const { rows } = await sql<{ id: string; left: Coins }>`
    select id, cost_max - cost - coalesce((select sum(key_amount) from reservation where api_key_id = k.id), 0)::bigint
      as left from api_key k where id = any(${ids}::uuid[]) and cost_max is not null`.execute(tx);
  return new CoinCaps(new Map(rows.map(({ id, left }) => [id, left])), cappedKeyOf);
}
