/** Ends requests: coins, log and counters in one transaction, shared by all requests that end at about the same time. */
import { sql } from 'kysely';
import type { Logger } from 'pino';
import { type PoolUnit, type Rates, ratesFor } from '../budget/pool.ts';
import { closing, refillPools, type Settlement } from '../budget/settle.ts';
import { Grouped } from '../db/grouped.ts';
import type { Sql } from '../db/orm.ts';
import { surely } from '../db/surely.ts';
import { type Coins, costOf, type Price } from '../kernel/coins.ts';
import type { Bus } from '../live/bus.ts';
import type { TokenUsage } from '../upstream/delta.ts';
import { type RequestRecord, recording } from '../usage/request-record.ts';

declare module '../context.ts' {
  interface Parts {
    readonly settler: Settler;
  }
}

export interface Ended {
  readonly settlement: Settlement;
  readonly record: RequestRecord;
}

export class Settler {
  readonly #sql: Sql;
  readonly #live: Bus;
  readonly #log: Logger;
  readonly #grouped = new Grouped<Ended, undefined>((ended) =>
    surely('settling', this.#log, () => this.#write(ended)),
  );

  constructor(connection: Sql, live: Bus, log: Logger) {
    this.#sql = connection;
    this.#live = live;
    this.#log = log;
  }

  /** Resolves when the bill is committed. A request that was settled before is not billed again. */
  settle(ended: Ended): Promise<undefined> {
    return this.#grouped.add(ended);
  }

  async #write(ended: readonly Ended[]): Promise<readonly undefined[]> {
    const closed = await this.#close(ended, false);
    const others = ended.filter(({ record }) => !closed.has(record.requestId));
    if (others.length > 0) {
      await refillPools(
        this.#sql,
        others.map(({ settlement }) => settlement),
      );
      await this.#close(others, true);
    }
    const accounts = new Set(ended.map(({ record }) => record.accountId));
    this.#live.publish(
      ...[...accounts].map((account) => ({ kind: 'poolChanged', account }) as const),
    );
    return ended.map(() => undefined);
  }

  /** One statement, so one transaction. Gives the ids of the requests that were closed. */
  async #close(ended: readonly Ended[], isRefilled: boolean): Promise<ReadonlySet<string>> {
    const settlements = ended.map(({ settlement }) => settlement);
    const records = ended.map(({ record }) => record);
    const { rows } = await sql<{ request_id: string }>`
      with ${closing(settlements, isRefilled)}, ${recording(records)} select request_id from closed`.execute(
      this.#sql,
    );
    return new Set(rows.map((row) => row.request_id));
  }
}

/** The terms that were agreed when the request was admitted. */
export interface Terms {
  readonly unit: PoolUnit;
  readonly prices: Rates;
  readonly cachedInput: Price | null;
}

/** What the tokens cost in coins, and what the pool pays for them in its own unit. */
export function billFor(
  { unit, prices, cachedInput }: Terms,
  usage: TokenUsage,
): { readonly cost: Coins; readonly charge: Coins } {
  const cost = costOfUsage({ ...prices, cachedInput }, usage);
  if (unit === 'coins') return { cost, charge: cost };
  return { cost, charge: costOfUsage({ ...ratesFor(unit, prices), cachedInput: null }, usage) };
}

function costOfUsage(
  prices: Rates & { readonly cachedInput: Price | null },
  usage: TokenUsage,
): Coins {
  const cached = prices.cachedInput === null ? 0 : usage.cachedInputTokens;
  return costOf([
    { tokens: usage.inputTokens - cached, price: prices.input },
    { tokens: cached, price: prices.cachedInput ?? prices.input },
    { tokens: usage.outputTokens, price: prices.output },
  ]);
}
