// What the statements of server/budget do to one pool and to what is held of it, as a model of them.
import {
  dueRefill,
  endOfTerms,
  type LimitedPolicy,
  type PoolState,
  plusHeld,
  type RefillTerms,
  termsOf,
} from '../../../server/budget/pool.ts';
import type { Coins } from '../../../server/kernel/coins.ts';

export const HOUR = 3_600_000_000n;
const NOTHING = 0n as Coins;

const atLeastNothing = (amount: bigint): Coins => (amount > 0n ? amount : 0n) as Coins;

/**
 * What settling does (`closing` and `refillPools`): a refill that is due is credited first; a full pool begins to wait for
 * its refill now.
 */
export function settled(
  before: PoolState,
  terms: RefillTerms | null,
  { charge, released, now }: { charge: Coins; released: Coins; now: bigint },
): PoolState {
  const state = terms ? dueRefill(before, terms, now, NOTHING) : before;
  const isFull = terms !== null && state.balance >= terms.max && now > state.refilledAt;
  return {
    balance: (state.balance - charge) as Coins,
    held: atLeastNothing(state.held - released),
    refilledAt: isFull ? now : state.refilledAt,
  };
}

/** Rows of `pool`, `reservation`, `pool_lease`, `ledger_entry` and `request_log`, of one account. */
export class Books {
  state: PoolState;
  /** By what time refills, whatever anybody who uses the pool believes to be in force. */
  terms: RefillTerms;
  /** By request; those of replicas that died are found here. */
  readonly reservations = new Map<number, { readonly amount: Coins; readonly replica: number }>();
  /** By replica. */
  readonly leases = new Map<number, Coins>();
  readonly billed = new Set<number>();
  entered = 0n;
  refilled = 0n;

  constructor(policy: LimitedPolicy, now: bigint) {
    this.state = { balance: policy.starting, held: NOTHING, refilledAt: now };
    this.terms = termsOf(policy);
    this.entered = policy.starting;
  }

  /** Enters into the ledger what makes the state another one. */
  enter(after: PoolState): void {
    this.entered += after.balance - this.state.balance;
    this.state = after;
  }

  /** As `LockedPools.get` does. */
  refillDue(needed: Coins, now: bigint): void {
    this.#refill(dueRefill(this.state, this.terms, now, needed));
  }

  /** As `LockedPools.changeTerms` does. */
  changeTerms(terms: RefillTerms, at: bigint): void {
    this.#refill(endOfTerms(this.state, this.terms, at));
    this.terms = terms;
  }

  #refill(after: PoolState): void {
    const amount = after.balance - this.state.balance;
    if (amount > 0n && after.balance > this.terms.max) throw new Error('refilled above the size');
    this.refilled += amount;
    this.enter(after);
  }

  hold(request: number, amount: Coins, replica: number): void {
    this.state = plusHeld(this.state, amount);
    this.reservations.set(request, { amount, replica });
  }

  /** Closes a reservation and bills it; one that is closed already is left alone. Gives whether it was open. */
  close(request: number, charge: Coins, now: bigint): boolean {
    const row = this.reservations.get(request);
    if (!row) return false;
    this.reservations.delete(request);
    this.#pay(request, { charge, released: row.amount, now });
    return true;
  }

  /** Bills a request without a row, out of the lease that it was held in; one that is in the log is left alone. */
  closeLeased(
    request: number,
    { charge, used, replica }: { charge: Coins; used: Coins; replica: number },
    now: bigint,
  ): boolean {
    if (this.billed.has(request)) return false;
    const released = this.leases.has(replica) ? used : NOTHING;
    this.#lower(replica, used);
    this.#pay(request, { charge, released, now });
    return true;
  }

  /** A slice of at most a 64th of what can be spent; nothing when that is less than `least`. */
  lease(replica: number, missing: Coins, least: Coins): Coins {
    const part = (this.state.balance - this.state.held) / 64n;
    if (part < least) return NOTHING;
    const amount = (part < missing ? part : missing) as Coins;
    this.state = plusHeld(this.state, amount);
    this.leases.set(replica, ((this.leases.get(replica) ?? NOTHING) + amount) as Coins);
    return amount;
  }

  /** Gives a part of the lease back to the pool. */
  release(replica: number, amount: Coins): void {
    this.#lower(replica, amount);
    this.state = { ...this.state, held: atLeastNothing(this.state.held - amount) };
  }

  /** Gives all of it back, and there is no lease any more. */
  giveBack(replica: number): void {
    this.release(replica, this.leases.get(replica) ?? NOTHING);
    this.leases.delete(replica);
  }

  /** Gives a request of a lease a row of its own. */
  store(request: number, amount: Coins, replica: number): void {
    this.reservations.set(request, { amount, replica });
    this.#lower(replica, amount);
  }

  get open(): bigint {
    let sum = 0n;
    for (const { amount } of this.reservations.values()) sum += amount;
    for (const lease of this.leases.values()) sum += lease;
    return sum;
  }

  #pay(request: number, bill: { charge: Coins; released: Coins; now: bigint }): void {
    if (this.billed.has(request)) throw new Error(`request ${request} is billed twice`);
    this.billed.add(request);
    const before = this.state;
    this.refillDue(NOTHING, bill.now);
    this.entered -= bill.charge;
    this.state = settled(before, this.terms, bill);
  }

  #lower(replica: number, amount: Coins): void {
    const lease = this.leases.get(replica);
    if (lease !== undefined) this.leases.set(replica, atLeastNothing(lease - amount));
  }
}
