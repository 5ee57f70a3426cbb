// A process that lets requests in, out of its lease or by a row, as server/budget/reserve.ts and leases.ts do.
import { Lease, type LeasedRequest } from '../../../server/budget/lease.ts';
import { available, holdFor, leastFor } from '../../../server/budget/pool.ts';
import type { ReserveAsk } from '../../../server/budget/reserve-ask.ts';
import { type Coins, costOf, price } from '../../../server/kernel/coins.ts';
import type { Books } from './pool-model.ts';

export const RATES = { input: price(1_000), output: price(2_500) };
const NOTHING = 0n as Coins;

export interface OpenRequest {
  readonly id: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly leased: LeasedRequest | null;
}

export class SimulatedReplica {
  readonly id: number;
  readonly open: OpenRequest[] = [];
  /** Others took it for dead; it has not heard of that yet. */
  isGivenUp = false;
  #lease: Lease | null = null;
  readonly #books: Books;

  constructor(id: number, books: Books) {
    this.id = id;
    this.#books = books;
  }

  /** Gives what the refused request would have needed at least, or null when it was let in. */
  reserve(id: number, ask: ReserveAsk, now: bigint, isBusy: boolean): Coins | null {
    const whole = leastFor(RATES, { ...ask, clamp: false });
    const { inputTokens, outputTokens } = ask;
    const leased = isBusy && !this.isGivenUp ? this.#take(ask, whole) : null;
    if (leased) {
      this.open.push({ id, inputTokens, outputTokens, leased });
      return null;
    }
    if (available(this.#books.state) < whole) this.#makeRoom(whole, now);
    const hold = holdFor(this.#books.state, RATES, ask);
    if (!hold) return leastFor(RATES, ask);
    this.#books.hold(id, hold.amount, this.id);
    this.open.push({ id, inputTokens, outputTokens: hold.outputTokens, leased: null });
    return null;
  }

  /** Bills a request of this process; gives how much of the charge nothing was held for. */
  settle(request: OpenRequest, charge: Coins, now: bigint): bigint {
    const { id, leased } = request;
    if (!leased || leased.isStored) {
      const held = this.#books.reservations.get(id)?.amount ?? NOTHING;
      const isClosed = this.#books.close(id, charge, now);
      leased?.paid(charge);
      return isClosed && charge > held ? charge - held : 0n;
    }
    const used = leased.used(charge);
    const isKept = this.#books.leases.has(this.id);
    this.#books.closeLeased(id, { charge, used, replica: this.id }, now);
    leased.paid(charge);
    return charge - (isKept ? used : 0n);
  }

  /** A heartbeat after a while: requests that last get a row, and a lease that is not used goes back. */
  beat(isIdle: boolean): void {
    if (this.isGivenUp) {
      this.#lose();
      return;
    }
    for (const { id, leased } of this.open)
      if (leased && !leased.isStored) {
        this.#books.store(id, leased.amount, this.id);
        leased.stored();
      }
    if (!isIdle) return;
    this.#books.giveBack(this.id);
    this.#lease = null;
  }

  /** What the lease has by this process's reckoning; null while nobody may rely on that. */
  get leased(): bigint | null {
    if (this.isGivenUp) return null;
    const left = this.#lease?.drain() ?? NOTHING;
    this.#lease?.grow(left);
    let sum: bigint = left;
    for (const { leased } of this.open) if (leased && !leased.isStored) sum += leased.amount;
    return sum;
  }

  #take(ask: ReserveAsk, whole: Coins): LeasedRequest | null {
    this.#lease ??= new Lease(ask.accountId, 'coins');
    const request = this.#lease.take(ask, whole);
    const { missing } = this.#lease;
    if (missing > 0n) this.#lease.grow(this.#books.lease(this.id, missing, (whole * 8n) as Coins));
    return request;
  }

  /** What is due is credited, and the own lease drained, before anybody is refused. */
  #makeRoom(needed: Coins, now: bigint): void {
    this.#books.refillDue(needed, now);
    const left = this.#lease?.drain() ?? NOTHING;
    if (!this.isGivenUp) this.#books.release(this.id, left);
  }

  #lose(): void {
    for (const { leased } of this.open) if (leased && !leased.isStored) leased.lost();
    this.#lease = null;
    this.isGivenUp = false;
  }
}

/** What a request costs that used so much of what it might. */
export const chargeFor = ({ inputTokens, outputTokens }: OpenRequest, share: number): Coins =>
  costOf([
    { tokens: inputTokens, price: RATES.input },
    { tokens: Math.floor(outputTokens * share), price: RATES.output },
  ]);
