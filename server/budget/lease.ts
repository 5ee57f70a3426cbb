/** A part of a pool that this process holds: requests are let in inside of it without asking the database. */
import { Bag } from '../kernel/bag.ts';
import { type Coins, greater, lesser, minus, NO_COINS, plus } from '../kernel/coins.ts';
import type { PoolUnit } from './pool.ts';
import type { ReserveAsk } from './reserve-ask.ts';

/** So many requests of an account in one second make a lease worth having. */
const BUSY_FROM = 8;
/** A lease is for so many requests like the one that asked for it: each growth waits for the disk, and so does its pool. */
const REQUESTS = 512n;
const IDLE_MS = 2_000;

/** What is in the database is `left` and what the open requests inside hold, at any time between two statements. */
export class Lease {
  readonly accountId: string;
  readonly unit: PoolUnit;
  readonly requests = new Bag<LeasedRequest>();
  /** It is being given back: nothing is let in any more. */
  isClosing = false;
  isGrowing = false;
  #left = NO_COINS;
  #wanted = NO_COINS;
  #usedAt = performance.now();

  constructor(accountId: string, unit: PoolUnit) {
    this.accountId = accountId;
    this.unit = unit;
  }

  /** Holds the amount for a request, if there is so much. */
  take(ask: ReserveAsk, amount: Coins): LeasedRequest | null {
    this.#usedAt = performance.now();
    this.#wanted = greater(this.#wanted, (amount * REQUESTS) as Coins);
    if (this.isClosing || amount > this.#left) return null;
    this.#left = minus(this.#left, amount);
    return new LeasedRequest(ask, amount, this);
  }

  grow(amount: Coins): void {
    this.#left = plus(this.#left, amount);
  }

  /** What it is short of; nothing while at least half is there. */
  get missing(): Coins {
    return this.#left * 2n >= this.#wanted ? NO_COINS : minus(this.#wanted, this.#left);
  }

  /** Takes out what no request holds. */
  drain(): Coins {
    const left = this.#left;
    this.#left = NO_COINS;
    return left;
  }

  get isIdle(): boolean {
    return (
      this.requests.size === 0 && !this.isGrowing && performance.now() - this.#usedAt > IDLE_MS
    );
  }
}

/** A request that is held for in memory only. One that lasts gets a row, in case that this process dies. */
export class LeasedRequest {
  readonly ask: ReserveAsk;
  /** Null for an account that is not limited. */
  readonly lease: Lease | null;
  /** Whether it is settled, or its settling has begun: then it needs no row any more. */
  isEnding = false;
  /** While its row is being written; settling waits for that. */
  storing: Promise<void> | null = null;
  isStored = false;
  readonly openedAt = performance.now();
  /** Takes it off the list of those that are open. */
  close: () => void = () => undefined;
  /** Takes it out of its lease; null when it was, or has none. */
  #leave: (() => void) | null;
  #amount: Coins;

  constructor(ask: ReserveAsk, amount: Coins, lease: Lease | null) {
    this.ask = ask;
    this.lease = lease;
    this.#leave = lease?.requests.add(this) ?? null;
    this.#amount = amount;
  }

  get amount(): Coins {
    return this.#amount;
  }

  /** How much of the lease a charge uses up; what is left of the hold stays in the lease. */
  used(charge: Coins): Coins {
    return lesser(charge, this.#amount);
  }

  /** The charge is paid: the rest may be used by other requests. */
  paid(charge: Coins): void {
    if (!this.#leave) return;
    this.#left();
    this.lease?.grow(minus(this.#amount, this.used(charge)));
  }

  /** Its row stands for it from now on. */
  stored(): void {
    this.isStored = true;
    this.#left();
  }

  /** Others took this process for dead and gave the lease back to the pool: nothing is held any more. */
  lost(): void {
    this.#amount = NO_COINS;
  }

  #left(): void {
    this.#leave?.();
    this.#leave = null;
  }
}

/** Counts the requests of accounts, to tell which are busy. */
export class Demand {
  #counts = new Map<string, number>();

  /** Counts one more; true for an account that had many lately. */
  count(accountId: string): boolean {
    const count = (this.#counts.get(accountId) ?? 0) + 1;
    this.#counts.set(accountId, count);
    return count > BUSY_FROM;
  }

  /** A second is over: who was busy counts as busy still. */
  tick(): void {
    const busy = [...this.#counts].filter(([, count]) => count > BUSY_FROM);
    this.#counts = new Map(busy.map(([accountId]) => [accountId, BUSY_FROM]));
  }
}
