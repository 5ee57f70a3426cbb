/** Holds coins for requests before they are sent, so that no number of concurrent requests can pass a pool. */
import { sql } from 'kysely';
import { ASYNCHRONOUS } from '../db/asynchronous.ts';
import { Grouped } from '../db/grouped.ts';
import type { Sql } from '../db/orm.ts';
import { type Coins, NO_COINS } from '../kernel/coins.ts';
import { Failure } from '../kernel/failure.ts';
import type { CoinCaps } from './coin-caps.ts';
import { lockKeyCaps } from './key-caps.ts';
import type { LeasedRequest } from './lease.ts';
import type { Leases } from './leases.ts';
import { lockMonthlyLimits, type MonthlyCaps } from './monthly-limits.ts';
import {
  affordsAt,
  type Hold,
  holdFor,
  isLimited,
  type LimitedPolicy,
  leastFor,
  type PoolState,
  plusHeld,
  ratesFor,
} from './pool.ts';
import { LockedPools } from './pool-rows.ts';
import { insertWanted, type ReservationRow, wanted } from './reservation-rows.ts';
import type { ReserveAsk } from './reserve-ask.ts';

/** What is held for a request, at the terms agreed when it was admitted. */
export interface Reservation extends ReservationRow {
  readonly outputTokens: number;
  /** Set when it is held in memory, and not in a row of its own. */
  readonly leased: LeasedRequest | null;
}

type Answer = Reservation | Failure;

const UNCAPPED = { keyAmount: NO_COINS, monthlyAmount: NO_COINS };

/** How much a cap still allows is known under lock only. */
const isCapped = ({ isKeyCapped, hasMonthlyLimit }: ReserveAsk): boolean =>
  isKeyCapped || hasMonthlyLimit;

export class Reserver {
  readonly #sql: Sql;
  readonly #leases: Leases;
  readonly #grouped = new Grouped<Reservation, Answer>((whole) => this.#write(whole));

  constructor(connection: Sql, leases: Leases) {
    this.#sql = connection;
    this.#leases = leases;
  }

  get waiting(): number {
    return this.#grouped.waiting;
  }

  /**
   * @throws Failure BUDGET_SPENT with `refillAt` when the pool, with `key_cap_reached` the key, or with
   *   `monthly_limit_reached` the person's own limit can't afford it
   */
  async reserve(ask: ReserveAsk): Promise<Reservation> {
    const whole = { ask, ...UNCAPPED, leased: null, ...wholeHold(ask) };
    const leased = isCapped(ask) ? null : this.#leases.take(ask, whole.amount);
    if (leased) return { ...whole, leased };
    const answer = await this.#grouped.add(whole);
    if (answer instanceof Failure) throw answer;
    return answer;
  }

  /**
   * Asynchronously: a reservation lost with the database's power protects a request that is lost as well.
   *
   * @param whole what is wanted; the answers may be cut down
   */
  async #write(whole: readonly Reservation[]): Promise<readonly Answer[]> {
    const held = await this.#holdOutright(whole.filter(({ ask }) => !isCapped(ask)));
    const others = whole.map(({ ask }) => ask).filter(({ requestId }) => !held.has(requestId));
    const reckoned = others.length > 0 ? await this.#reckon(others) : [];
    const answers = new Map(others.map(({ requestId }, at) => [requestId, reckoned[at]]));
    return whole.map((reservation) => {
      const { requestId } = reservation.ask;
      return held.has(requestId) ? reservation : (answers.get(requestId) as Answer);
    });
  }

  /**
   * The common case in one statement: pools that afford all that is asked of them in this group, without a refill. The
   * arithmetic is relative, so it needs no lock before it. Gives the ids of the requests that are held for.
   */
  async #holdOutright(whole: readonly Reservation[]): Promise<ReadonlySet<string>> {
    if (whole.length === 0) return new Set();
    const { rows } = await sql<{ request_id: string }>`
      with ${ASYNCHRONOUS}, ${wanted(whole)}, asked as (
        select account_id, unit, sum(amount)::bigint as amount from wanted where is_pooled group by 1, 2
      ), affording as (
        select p.account_id, a.amount from pool p join asked a using (account_id, unit)
        where p.balance - p.held >= a.amount order by p.account_id for update of p
      ), held as (
        update pool p set held = p.held + a.amount from affording a where p.account_id = a.account_id
      )
      ${insertWanted(this.#leases.replicaId)}, asynchronous
      where not is_pooled or account_id in (select account_id from affording)
      returning request_id`.execute(this.#sql);
    return new Set(rows.map((row) => row.request_id));
  }

  /** All cases, under lock: opens pools, refills them, cuts answers down to what is affordable, refuses. */
  #reckon(asks: readonly ReserveAsk[]): Promise<readonly Answer[]> {
    return this.#sql.transaction().execute(async (tx) => {
      await sql`with ${ASYNCHRONOUS} select from asynchronous`.execute(tx);
      const policies = limitedPolicies(asks);
      const pools = await LockedPools.lock(tx, policies.keys(), policies);
      await this.#leases.drain(tx, pools, policies.keys());
      const caps = { keys: await lockKeyCaps(tx, asks), months: await lockMonthlyLimits(tx, asks) };
      const answers = asks.map((ask) => answerFor(ask, pools, caps));
      await pools.store(tx);
      const held = answers.filter((answer): answer is Reservation => !(answer instanceof Failure));
      await sql`
        with ${wanted(held)} ${insertWanted(this.#leases.replicaId)}`.execute(tx);
      return answers;
    });
  }
}

function limitedPolicies(asks: readonly ReserveAsk[]): ReadonlyMap<string, LimitedPolicy> {
  return new Map(
    asks.flatMap(({ accountId, policy }) => (isLimited(policy) ? [[accountId, policy]] : [])),
  );
}

/** What is held when the answer is not cut down. */
function wholeHold(ask: ReserveAsk): Hold {
  const { policy, prices, outputTokens } = ask;
  if (!isLimited(policy)) return { amount: NO_COINS, outputTokens };
  return {
    amount: leastFor(ratesFor(policy.unit, prices), { ...ask, clamp: false }),
    outputTokens,
  };
}

interface Caps {
  readonly keys: CoinCaps;
  readonly months: MonthlyCaps;
}

/** The key, the person's own limit and the pool must all afford the request; each may cut the answer down. */
function answerFor(asked: ReserveAsk, pools: LockedPools, { keys, months }: Caps): Answer {
  const byKey = keys.afford(asked);
  if (!byKey) return capReached();
  const byMonth = months.caps.afford({ ...asked, outputTokens: byKey.outputTokens });
  if (!byMonth) return limitReached(months.renewsAt.get(asked.accountId));
  const answer = poolAnswer({ ...asked, outputTokens: byMonth.outputTokens }, pools);
  if (answer instanceof Failure) return answer;
  const keyAmount = keys.hold(asked, answer.outputTokens);
  const monthlyAmount = months.caps.hold(asked, answer.outputTokens);
  return { ...answer, ask: asked, keyAmount, monthlyAmount, leased: null };
}

function poolAnswer(ask: ReserveAsk, pools: LockedPools): (Hold & { ask: ReserveAsk }) | Failure {
  const { policy } = ask;
  const whole = wholeHold(ask);
  if (!isLimited(policy)) return { ask, ...whole };
  const rates = ratesFor(policy.unit, ask.prices);
  const pool = pools.get(ask.accountId, policy, whole.amount);
  if (!pool) throw new Error('a pool was neither found nor opened');
  const hold = holdFor(pool, rates, ask);
  if (!hold) return refusal(pool, policy, leastFor(rates, ask));
  pools.set(ask.accountId, plusHeld(pool, hold.amount));
  return { ask, ...hold };
}

function refusal(pool: PoolState, policy: LimitedPolicy, least: Coins): Failure {
  const at = affordsAt(pool, policy, least);
  const refillAt = at === null ? undefined : new Date(Number(at / 1000n) + 1);
  return new Failure('BUDGET_SPENT', spentMessage(refillAt), { refillAt });
}

const capReached = (): Failure =>
  new Failure('BUDGET_SPENT', 'This API key may not cost more, or too little for this request.', {
    reason: 'key_cap_reached',
  });

function limitReached(renewsAt: Date | undefined): Failure {
  const when = renewsAt ? ` It begins anew at ${renewsAt.toISOString()}.` : '';
  return new Failure(
    'BUDGET_SPENT',
    `Your own monthly limit is reached, or leaves too little for this request.${when} You can change it in your settings.`,
    { reason: 'monthly_limit_reached', refillAt: renewsAt },
  );
}

function spentMessage(refillAt: Date | undefined): string {
  if (!refillAt) return 'Your coins are used up, or too few for this request.';
  return `Your coins are used up, or too few for this request. There will be enough at ${refillAt.toISOString()}.`;
}
