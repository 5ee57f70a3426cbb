/** Holds coins for requests before they are sent, so that no number of concurrent requests can pass a pool. */
import { sql } from 'kysely';
import type { PoolPolicy } from '../config/config.ts';
import { Grouped } from '../db/grouped.ts';
import type { Sql } from '../db/orm.ts';
import { type Coins, NO_COINS } from '../kernel/coins.ts';
import { fail } from '../kernel/failure.ts';
import {
  affordsAt,
  type Hold,
  holdFor,
  isLimited,
  type LimitedPolicy,
  leastFor,
  type PoolState,
  plusHeld,
  type Rates,
  ratesFor,
  type Wanted,
} from './pool.ts';
import { LockedPools } from './pool-rows.ts';

/** The tokens of the prompt are estimated from above. */
export interface ReserveAsk extends Wanted {
  readonly requestId: string;
  readonly accountId: string;
  readonly apiKeyId: string | null;
  readonly source: 'chat' | 'api';
  readonly model: string;
  readonly policy: PoolPolicy;
  readonly prices: Rates;
}

/** What is held for a request, at the terms agreed when it was admitted. */
export interface Reservation {
  readonly ask: ReserveAsk;
  readonly amount: Coins;
  readonly outputTokens: number;
}

interface Refusal {
  readonly refillAt: Date | undefined;
}

export class Reserver {
  readonly #sql: Sql;
  readonly #replicaId: string;
  readonly #grouped = new Grouped<ReserveAsk, Reservation | Refusal>((asks) => this.#write(asks));

  constructor(connection: Sql, replicaId: string) {
    this.#sql = connection;
    this.#replicaId = replicaId;
  }

  /** @throws Failure BUDGET_SPENT with `refillAt` when the pool can't afford the request */
  async reserve(ask: ReserveAsk): Promise<Reservation> {
    const answer = await this.#grouped.add(ask);
    if ('amount' in answer) return answer;
    return fail('BUDGET_SPENT', spentMessage(answer.refillAt), { refillAt: answer.refillAt });
  }

  #write(asks: readonly ReserveAsk[]): Promise<readonly (Reservation | Refusal)[]> {
    return this.#sql.transaction().execute(async (tx) => {
      // A reservation lost with the database's power protects a request that is lost as well.
      await sql`set local synchronous_commit = off`.execute(tx);
      const policies = limitedPolicies(asks);
      const pools = await LockedPools.lock(tx, policies.keys(), policies);
      const answers = asks.map((ask) => answerFor(ask, pools));
      await pools.store(tx);
      await this.#insert(
        tx,
        answers.filter((answer) => 'amount' in answer),
      );
      return answers;
    });
  }

  async #insert(tx: Sql, held: readonly Reservation[]): Promise<void> {
    if (held.length === 0) return;
    const asks = held.map(({ ask }) => ask);
    await sql`
      insert into reservation (request_id, account_id, api_key_id, source, model, is_pooled, amount, input_price,
        output_price, input_tokens, replica_id)
      select *, ${this.#replicaId}::uuid from unnest(
        ${asks.map((a) => a.requestId)}::uuid[], ${asks.map((a) => a.accountId)}::uuid[],
        ${asks.map((a) => a.apiKeyId)}::uuid[], ${asks.map((a) => a.source)}::text[],
        ${asks.map((a) => a.model)}::text[], ${asks.map((a) => isLimited(a.policy))}::boolean[],
        ${held.map((h) => h.amount)}::bigint[], ${asks.map((a) => a.prices.input)}::bigint[],
        ${asks.map((a) => a.prices.output)}::bigint[], ${asks.map((a) => a.inputTokens)}::int[])`.execute(
      tx,
    );
  }
}

function limitedPolicies(asks: readonly ReserveAsk[]): ReadonlyMap<string, LimitedPolicy> {
  return new Map(
    asks.flatMap(({ accountId, policy }) => (isLimited(policy) ? [[accountId, policy]] : [])),
  );
}

function answerFor(ask: ReserveAsk, pools: LockedPools): Reservation | Refusal {
  const { policy } = ask;
  if (!isLimited(policy)) return { ask, amount: NO_COINS, outputTokens: ask.outputTokens };
  const rates = ratesFor(policy.unit, ask.prices);
  const whole = leastFor(rates, { ...ask, clamp: false });
  const pool = pools.get(ask.accountId, policy, whole);
  if (!pool) throw new Error('a pool was neither found nor opened');
  const hold = holdFor(pool, rates, ask);
  if (!hold) return refusal(pool, policy, leastFor(rates, ask));
  pools.set(ask.accountId, plusHeld(pool, hold.amount));
  return reservation(ask, hold);
}

const reservation = (ask: ReserveAsk, hold: Hold): Reservation => ({ ask, ...hold });

function refusal(pool: PoolState, policy: LimitedPolicy, least: Coins): Refusal {
  const at = affordsAt(pool, policy, least);
  return { refillAt: at === null ? undefined : new Date(Number(at / 1000n) + 1) };
}

function spentMessage(refillAt: Date | undefined): string {
  if (!refillAt) return 'Your coins are used up, or too few for this request.';
  return `Your coins are used up, or too few for this request. There will be enough at ${refillAt.toISOString()}.`;
}
