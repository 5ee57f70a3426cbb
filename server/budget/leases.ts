/** The leases of this process, as they stand in the database. */
import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Sql } from '../db/orm.ts';
import { surely } from '../db/surely.ts';
import { Bag } from '../kernel/bag.ts';
import { type Coins, NO_COINS } from '../kernel/coins.ts';
import { Demand, Lease, LeasedRequest } from './lease.ts';
import { isLimited } from './pool.ts';
import type { LockedPools } from './pool-rows.ts';
import { insertWanted, wanted } from './reservation-rows.ts';
import type { ReserveAsk } from './reserve-ask.ts';

/** A lease is at most this part of what a pool has, so that what one process holds is hardly missed elsewhere. */
const PART = 64n;
/** A smaller lease is not worth its statement. */
const REQUESTS_MIN = 8n;
/** Well before others take a process without heartbeats for dead, it stops to rely on what it holds. */
const TRUSTED_MS = 15_000;
const LONG_MS = 1_000;

export class Leases {
  readonly #sql: Sql;
  readonly #replicaId: string;
  readonly #log: Logger;
  readonly #leases = new Map<string, Lease>();
  readonly #open = new Bag<LeasedRequest>();
  readonly #demand = new Demand();
  #trustedUntil = 0;

  constructor(connection: Sql, replicaId: string, log: Logger) {
    this.#sql = connection;
    this.#replicaId = replicaId;
    this.#log = log;
  }

  get replicaId(): string {
    return this.#replicaId;
  }

  /** Let in in memory, and neither stored nor settled yet. */
  get openRequests(): number {
    return this.#open.size;
  }

  /** The database takes nothing at the moment: until it takes a heartbeat again, nobody is let in without it. */
  distrust(): void {
    this.#trustedUntil = Number.NEGATIVE_INFINITY;
  }

  /** Holds the amount in memory, for an account that is busy and not short. Null: the database must be asked. */
  take(ask: ReserveAsk, amount: Coins): LeasedRequest | null {
    if (!this.#demand.count(ask.accountId) || performance.now() > this.#trustedUntil) return null;
    const request = isLimited(ask.policy)
      ? this.#takeFromLease(ask, amount)
      : new LeasedRequest(ask, NO_COINS, null);
    if (request) request.close = this.#open.add(request);
    return request;
  }

  /** To be called before the request is settled: gives once its row is written, if it is being written. */
  async ending(request: LeasedRequest): Promise<void> {
    request.isEnding = true;
    // One whose row could not be written is still held in memory, and pays out of that.
    await request.storing?.catch(() => undefined);
  }

  /** It is settled, or never will be. */
  ended(request: LeasedRequest): void {
    request.close();
  }

  /** Puts back what no request holds, for pools that are short: nobody is refused what only a lease keeps. */
  async drain(tx: Sql, pools: LockedPools, accountIds: Iterable<string>): Promise<void> {
    const drained = [...accountIds]
      .map((id) => ({ id, amount: this.#leases.get(id)?.drain() ?? NO_COINS }))
      .filter(({ amount }) => amount > NO_COINS);
    if (drained.length === 0) return;
    for (const { id, amount } of drained) pools.release(id, amount);
    await sql`
      update pool_lease l set amount = greatest(l.amount - d.amount, 0)
      from unnest(${drained.map(({ id }) => id)}::uuid[], ${drained.map(({ amount }) => amount)}::bigint[])
        as d (account_id, amount)
      where l.account_id = d.account_id and l.replica_id = ${this.#replicaId}`.execute(tx);
  }

  /** With each heartbeat: requests that last get a row, and leases that nobody needs go back. */
  async beat(outputTokens: ReadonlyMap<string, number>, isRegistered: boolean): Promise<void> {
    if (!isRegistered) await this.#lose();
    this.#trustedUntil = performance.now() + TRUSTED_MS;
    this.#demand.tick();
    const since = performance.now() - LONG_MS;
    const long = this.#open
      .items()
      .filter(({ isEnding, openedAt }) => !isEnding && openedAt < since);
    if (long.length > 0) await this.#store(long, outputTokens);
    await this.#giveBack([...this.#leases.values()].filter(({ isIdle }) => isIdle));
  }

  /** Gives these requests a row, so far as they have none. */
  async keep(outputTokens: ReadonlyMap<string, number>): Promise<void> {
    // Others may have given back what is held for them: the next heartbeat will tell.
    if (performance.now() > this.#trustedUntil) return;
    const kept = this.#open
      .items()
      .filter(({ isEnding, ask }) => !isEnding && outputTokens.has(ask.requestId));
    if (kept.length > 0) await this.#store(kept, outputTokens);
  }

  /** Nothing is let in any more, and what no request holds goes back. */
  async close(): Promise<void> {
    this.distrust();
    await this.#giveBack([...this.#leases.values()]);
  }

  #takeFromLease(ask: ReserveAsk, amount: Coins): LeasedRequest | null {
    const { accountId, policy } = ask;
    const lease = this.#leases.get(accountId) ?? new Lease(accountId, policy.unit);
    // A lease in what the pool counted before goes back when it was idle for a while.
    if (lease.unit !== policy.unit) return null;
    this.#leases.set(accountId, lease);
    const request = lease.take(ask, amount);
    if (!lease.isClosing && !lease.isGrowing && lease.missing > NO_COINS)
      void this.#grow(lease, (amount * REQUESTS_MIN) as Coins);
    return request;
  }

  async #grow(lease: Lease, least: Coins): Promise<void> {
    lease.isGrowing = true;
    try {
      const { rows } = await sql<{ amount: Coins }>`
        with part as (
          select account_id, least((balance - held) / ${PART}, ${lease.missing}::bigint) as amount from pool
          where account_id = ${lease.accountId} and unit = ${lease.unit} and (balance - held) / ${PART} >= ${least}
          for update
        ), held as (
          update pool p set held = p.held + s.amount from part s where p.account_id = s.account_id
        )
        insert into pool_lease (replica_id, account_id, amount)
        select ${this.#replicaId}::uuid, account_id, amount from part
        on conflict (account_id, replica_id) do update set amount = pool_lease.amount + excluded.amount
        returning (select amount from part)`.execute(this.#sql);
      lease.grow(rows[0]?.amount ?? NO_COINS);
    } catch (error) {
      this.#log.warn({ err: error }, 'a lease could not be taken');
    } finally {
      lease.isGrowing = false;
    }
  }

  async #store(
    requests: readonly LeasedRequest[],
    outputTokens: ReadonlyMap<string, number>,
  ): Promise<void> {
    const rows = requests.map(({ ask, amount }) => ({
      ask,
      amount,
      keyAmount: NO_COINS,
      monthlyAmount: NO_COINS,
      produced: outputTokens.get(ask.requestId) ?? 0,
    }));
    const storing = surely('keeping open requests', this.#log, async () => {
      await sql`
        with ${wanted(rows)}, stored as (
          ${insertWanted(this.#replicaId)} on conflict do nothing returning account_id, amount, is_pooled
        )
        update pool_lease l set amount = greatest(l.amount - s.amount, 0)
        from (select account_id, sum(amount)::bigint as amount from stored where is_pooled group by 1) s
        where l.account_id = s.account_id and l.replica_id = ${this.#replicaId}`.execute(this.#sql);
      for (const request of requests) {
        request.stored();
        request.close();
      }
    });
    for (const request of requests) request.storing = storing;
    await storing;
  }

  async #giveBack(leases: readonly Lease[]): Promise<void> {
    if (leases.length === 0) return;
    for (const lease of leases) lease.isClosing = true;
    const ids = leases.map(({ accountId }) => accountId);
    await surely('giving back leases', this.#log, () =>
      releaseLeases(
        this.#sql,
        sql`replica_id = ${this.#replicaId} and account_id = any(${ids}::uuid[])`,
      ),
    );
    for (const { accountId } of leases) this.#leases.delete(accountId);
  }

  /** Others took this process for dead, and gave its leases back or are about to. */
  async #lose(): Promise<void> {
    // No new lease may be taken before the old rows are gone.
    this.distrust();
    for (const lease of this.#leases.values()) {
      lease.isClosing = true;
      for (const request of lease.requests.items()) request.lost();
    }
    this.#leases.clear();
    await releaseLeases(this.#sql, sql`replica_id = ${this.#replicaId}`);
  }
}

/** Gives leases back to their pools. The pools are locked first, as everywhere. */
export async function releaseLeases(
  connection: Sql,
  which: ReturnType<typeof sql<boolean>>,
): Promise<void> {
  await sql`
    with locked as (
      select account_id from pool where account_id in (select account_id from pool_lease where ${which})
      order by account_id for update
    ), gone as (
      delete from pool_lease where ${which} and account_id in (select account_id from locked)
      returning account_id, amount
    )
    update pool p set held = greatest(p.held - g.amount, 0)
    from (select account_id, sum(amount)::bigint as amount from gone group by 1) g
    where p.account_id = g.account_id`.execute(connection);
}
