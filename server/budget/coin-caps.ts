import { type Coins, minus, NO_COINS } from '../kernel/coins.ts';
import { type Hold, holdFor, leastFor, ratesFor } from './pool.ts';
import type { ReserveAsk } from './reserve-ask.ts';

/** What may still be spent besides the pool, by whatever is capped: a second pool, in coins, that never refills. */
export class CoinCaps {
  readonly #left: Map<string, Coins>;
  readonly #idOf: (ask: ReserveAsk) => string | null;

  /** @param left in coins by the id that `idOf` gives of a request; what has no entry is not capped */
  constructor(left: Map<string, Coins>, idOf: (ask: ReserveAsk) => string | null) {
    this.#left = left;
    this.#idOf = idOf;
  }

  /** What the cap affords of the request; null when it affords too little of it. */
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
    const [left, id] = [this.#leftFor(ask), this.#idOf(ask)];
    if (left === null || id === null) return NO_COINS;
    const amount = leastFor(ratesFor('coins', ask.prices), { ...ask, outputTokens, clamp: false });
    this.#left.set(id, minus(left, amount));
    return amount;
  }

  #leftFor(ask: ReserveAsk): Coins | null {
    const id = this.#idOf(ask);
    return id === null ? null : (this.#left.get(id) ?? null);
  }
}
