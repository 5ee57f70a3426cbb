/** What API keys may still cost, inside a transaction that reserves: their cap is a second pool that never refills. */
import { sql } from 'kysely';
import type { Sql } from '../db/orm.ts';
import { type Coins, minus, NO_COINS } from '../kernel/coins.ts';
import { type Hold, holdFor, leastFor, ratesFor } from './pool.ts';
import type { ReserveAsk } from './reserve-ask.ts';

export class KeyCaps {
  readonly #left: Map<string, Coins>;

  private constructor(left: Map<string, Coins>) {
    this.#left = left;
  }

  /** Others that reserve with one of the keys wait until this transaction has ended. */
  static async lock(tx: Sql, asks: readonly ReserveAsk[]): Promise<KeyCaps> {
    const ids = [...new Set(asks.filter(isCapped).map(({ apiKeyId }) => apiKeyId))].sort();
    if (ids.length === 0) return new KeyCaps(new Map());
    // Not the rows themselves: settling updates them, in an order of its own.
    await sql`select pg_advisory_xact_lock(hashtextextended(id, 0)) from unnest(${ids}::text[]) as id`.execute(
      tx,
    );
    // One statement, so one look: what is settled meanwhile is either still reserved or already a cost.
    const { rows } = await sql<{ id: string; left: Coins }>`
      select id, cost_max - cost - coalesce((select sum(key_amount) from reservation where api_key_id = k.id), 0)::bigint
        as left from api_key k where id = any(${ids}::uuid[]) and cost_max is not null`.execute(tx);
    return new KeyCaps(new Map(rows.map(({ id, left }) => [id, left])));
  }

  /** What the key affords of the request; null when it affords too little of it. */
  afford(ask: ReserveAsk): Hold | null {
    const left = this.#leftFor(ask);
    if (left === null) return { amount: NO_COINS, outputTokens: ask.outputTokens };
    return holdFor(
      { balance: left, held: NO_COINS, refilledAt: 0n },
      ratesFor('coins', ask.prices),
      ask,
    );
  }

  /** Holds what so much output may cost, and gives that. */
  hold(ask: ReserveAsk, outputTokens: number): Coins {
    const left = this.#leftFor(ask);
    if (left === null || ask.apiKeyId === null) return NO_COINS;
    const amount = leastFor(ratesFor('coins', ask.prices), { ...ask, outputTokens, clamp: false });
    this.#left.set(ask.apiKeyId, minus(left, amount));
    return amount;
  }

  #leftFor({ apiKeyId }: ReserveAsk): Coins | null {
    return apiKeyId === null ? null : (this.#left.get(apiKeyId) ?? null);
  }
}

export const isCapped = ({ isKeyCapped, apiKeyId }: ReserveAsk): boolean =>
  isKeyCapped && apiKeyId !== null;
