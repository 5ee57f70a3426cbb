import { expect, test } from 'vitest';
import {
  affordsAt,
  available,
  granted,
  type LimitedPolicy,
  refill,
  reset,
  termsOf,
} from '../../../server/budget/pool.ts';
import type { ReserveAsk } from '../../../server/budget/reserve-ask.ts';
import { type Coins, coins } from '../../../server/kernel/coins.ts';
import { type Seeded, seeded } from '../../support/seeded.ts';
import { Books, HOUR } from './pool-model.ts';
import { chargeFor, RATES, SimulatedReplica } from './simulated-replica.ts';

const SEEDS = 10_000;
const STEPS = 500;

const BEGUN = 1_700_000_000_000_000n;
const OPEN_MAX = 12;

/**
 * One pool, two processes that let requests in, administrators, policies that change, and a clock that jumps. What is in the
 * books survives the death of a process. Every step checks what must always be true.
 */
class Simulation {
  readonly #random: Seeded;
  readonly #books: Books;
  readonly #replicas: SimulatedReplica[];
  readonly #dead: SimulatedReplica[] = [];
  #policy: LimitedPolicy;
  #ids = 0;
  #now = BEGUN;
  #latest = BEGUN;
  /** Millionths × microseconds that could be refilled at most, as long as the clock has gone forward. */
  #refillable = 0n;
  /** What may be missing: answers above their hold, bills whose hold was given up, a reset below what is held. */
  #slack = 0n;

  constructor(seed: number) {
    this.#random = seeded(seed);
    this.#policy = this.#somePolicy();
    this.#books = new Books(this.#policy, this.#now);
    this.#replicas = [new SimulatedReplica(1, this.#books), new SimulatedReplica(2, this.#books)];
    this.#ids = 2;
  }

  step(): void {
    const dice = this.#random.int(0, 99);
    if (dice < 35) this.#reserve();
    else if (dice < 65) this.#settle();
    else if (dice < 80) this.#wait();
    else if (dice < 85) this.#oneReplica().beat(this.#random.chance(0.5));
    else if (dice < 88) this.#repeat();
    else if (dice < 91) this.#die();
    else if (dice < 94) this.#reap();
    else this.#administer();
    this.#check();
  }

  #reserve(): void {
    const replica = this.#oneReplica();
    if (replica.open.length >= OPEN_MAX) return;
    this.#ids += 1;
    const isBusy = this.#random.chance(0.5);
    const least = replica.reserve(this.#ids, this.#ask(), this.#now, isBusy);
    if (least !== null) this.#checkRefusal(least);
  }

  #ask(): ReserveAsk {
    return {
      requestId: String(this.#ids),
      accountId: 'ada',
      apiKeyId: null,
      isKeyCapped: false,
      hasMonthlyLimit: false,
      source: 'api',
      model: 'fake',
      policy: this.#policy,
      prices: RATES,
      isTimed: false,
      inputTokens: this.#random.int(0, 400),
      outputTokens: this.#random.int(1, 400),
      choices: this.#random.int(1, 3),
      clamp: this.#random.chance(0.5),
    };
  }

  #checkRefusal(least: Coins): void {
    const { state, terms } = this.#books;
    if (least <= available(refill(state, terms, this.#now)))
      throw new Error('refused what was affordable');
    const at = affordsAt(state, terms, least);
    if (at !== null && at <= this.#now && state.refilledAt <= this.#now)
      throw new Error('the promised moment has passed already');
  }

  /** Most answers use some of their tokens, some fail for nothing, and one in thirty uses more than it was allowed. */
  #settle(): void {
    const replica = this.#oneReplica();
    const [request] = replica.open.splice(this.#random.int(0, OPEN_MAX), 1);
    if (!request) return;
    const share = this.#random.chance(1 / 30) ? 1.5 : this.#random.fraction();
    const charge = this.#random.chance(0.1) ? (0n as Coins) : chargeFor(request, share);
    this.#slack += replica.settle(request, charge, this.#now);
  }

  /** A bill that arrives again, as when its commit was not heard of, is paid once. */
  #repeat(): void {
    const id = this.#random.int(3, Math.max(3, this.#ids));
    if (!this.#books.billed.has(id)) return;
    const bill = { charge: coins(1), used: coins(1), replica: this.#oneReplica().id };
    const isPaid =
      this.#books.close(id, bill.charge, this.#now) || this.#books.closeLeased(id, bill, this.#now);
    if (isPaid) throw new Error('a bill was paid again');
  }

  #wait(): void {
    const [least, most] = this.#random.oneOf([
      [1, 1_000],
      [1, 60_000_000],
      [1, 2 ** 31],
      [1, 100 * 3_600_000_000],
      [-(2 ** 31), 0],
    ] as const);
    this.#now += BigInt(this.#random.int(least, most));
    if (this.#now < BEGUN) this.#now = BEGUN;
    if (this.#now <= this.#latest) return;
    this.#refillable += this.#books.terms.refreshPerHour * (this.#now - this.#latest);
    this.#latest = this.#now;
  }

  /** A process is killed, and another comes in its place; or it is only taken for dead, and hears of it later. */
  #die(): void {
    const at = this.#random.int(0, 1);
    const replica = this.#replicas[at] as SimulatedReplica;
    if (this.#random.chance(0.3)) {
      replica.isGivenUp = true;
      this.#bury(replica);
      return;
    }
    this.#dead.push(replica);
    this.#ids += 1;
    this.#replicas[at] = new SimulatedReplica(this.#ids, this.#books);
  }

  #reap(): void {
    const replica = this.#dead.pop();
    if (replica) this.#bury(replica);
  }

  /** Whoever finds them bills the requests of a dead process for what they had produced, or for nothing. */
  #bury(replica: SimulatedReplica): void {
    this.#books.giveBack(replica.id);
    for (const request of replica.open) {
      const row = this.#books.reservations.get(request.id);
      if (!row) continue;
      const charge = this.#random.chance(0.5) ? chargeFor(request, this.#random.fraction()) : 0n;
      if (charge > row.amount) this.#slack += charge - row.amount;
      this.#books.close(request.id, charge as Coins, this.#now);
    }
  }

  #administer(): void {
    const { state } = this.#books;
    const dice = this.#random.int(0, 5);
    if (dice === 0) {
      this.#books.enter(reset(state, this.#policy, this.#now));
      this.#slack += this.#lacking;
    } else if (dice === 1) this.#policy = this.#somePolicy();
    else if (dice === 2) this.#followPolicy();
    else this.#grant(BigInt(this.#random.int(-2_000_000, 4_000_000)) as Coins);
  }

  /** A while after it changed, or never: whoever comes before is served by the terms of before. */
  #followPolicy(): void {
    const terms = this.#random.chance(0.2) ? termsOf(null) : termsOf(this.#policy);
    const balance = this.#books.state.balance + (this.#dueUntilNow as Coins);
    this.#books.changeTerms(terms, this.#now);
    if (this.#books.state.balance !== balance)
      throw new Error('the end of terms paid another amount than was due');
    if (refill(this.#books.state, terms, this.#now).balance !== this.#books.state.balance)
      throw new Error('new terms pay for time before them');
    // What a clock that was set back shows again, it shows under the new terms.
    const again = this.#latest - this.#books.state.refilledAt;
    if (again > 0n && this.#now < this.#latest) this.#refillable += terms.refreshPerHour * again;
  }

  /** Reckoned apart from `refill`: rate times time, as far as there is room. */
  get #dueUntilNow(): bigint {
    const { max, refreshPerHour } = this.#books.terms;
    const { balance, refilledAt } = this.#books.state;
    const due = this.#now > refilledAt ? (refreshPerHour * (this.#now - refilledAt)) / HOUR : 0n;
    const room = max > balance ? max - balance : 0n;
    return due < room ? due : room;
  }

  #grant(amount: Coins): void {
    const { state } = this.#books;
    const after = granted(state, amount);
    if (after) this.#books.enter(after);
    else if (-amount <= available(state)) throw new Error('a grant was refused');
  }

  /** How much less there is than what is held, beyond what may be missing. */
  get #lacking(): bigint {
    const { balance, held } = this.#books.state;
    const lacking = held - balance - this.#slack;
    return lacking > 0n ? lacking : 0n;
  }

  #check(): void {
    const { state, entered, refilled, open } = this.#books;
    if (state.balance !== entered) throw new Error('the ledger does not sum up');
    if (state.held !== open) throw new Error(`${state.held} held, ${open} open`);
    if (this.#lacking > 0n) throw new Error('what is held passes the balance');
    if (refilled < 0n || refilled * HOUR > this.#refillable)
      throw new Error('refilled beyond rate × time');
    for (const { id, leased } of this.#replicas)
      if (leased !== null && leased !== (this.#books.leases.get(id) ?? 0n))
        throw new Error('a process reckons with another lease than the books');
  }

  #oneReplica(): SimulatedReplica {
    return this.#replicas[this.#random.int(0, 1)] as SimulatedReplica;
  }

  #somePolicy(): LimitedPolicy {
    return {
      unit: 'coins',
      max: coins(this.#random.oneOf([0.5, 1, 10, 2_000])),
      refreshPerHour: coins(this.#random.oneOf([0, 0.000001, 0.333333, 1, 60])),
      starting: coins(this.#random.oneOf([0, 1, 20, 1_000])),
    };
  }
}

test(`R1–R9, R15 a pool keeps its promises over ${SEEDS} seeds of ${STEPS} steps`, () => {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const simulation = new Simulation(seed);
    for (let step = 1; step <= STEPS; step += 1) {
      try {
        simulation.step();
      } catch (error) {
        expect.fail(`seed ${seed}, step ${step}: ${(error as Error).message}`);
      }
    }
  }
}, 120_000);
