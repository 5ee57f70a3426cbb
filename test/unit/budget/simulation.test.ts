import { expect, test } from 'vitest';
import {
  affordsAt,
  available,
  type Hold,
  holdFor,
  type LimitedPolicy,
  leastFor,
  type PoolState,
  plusHeld,
  refill,
} from '../../../server/budget/pool.ts';
import { type Coins, coins, costOf, price } from '../../../server/kernel/coins.ts';
import { type Seeded, seeded } from '../../support/seeded.ts';

/** What the statement of server/budget/settle.ts does to a pool, as a model of it. */
const spent = (state: PoolState, held: Coins, cost: Coins): PoolState => ({
  ...state,
  balance: (state.balance - cost) as Coins,
  held: (held > state.held ? 0n : state.held - held) as Coins,
});

const SEEDS = 4_000;
const STEPS = 200;
const HOUR = 3_600_000_000n;

interface Held extends Hold {
  readonly inputTokens: number;
}

/**
 * One pool and the requests on it, as the database would keep them: what is stored survives a crash, the requests that
 * ran in the crashed process are settled by another. Every step checks what must always be true.
 */
class Simulation {
  readonly #random: Seeded;
  readonly #policy: LimitedPolicy;
  readonly #rates = { input: price(1_000), output: price(2_500) };
  readonly #open: Held[] = [];
  readonly #opening: bigint;
  #state: PoolState;
  #entries = 0n;
  #refilled = 0n;
  /** What answers cost above their hold, as model servers may count more than was allowed. */
  #overshoot = 0n;
  #now = 1_700_000_000_000_000n;
  #begun = this.#now;
  #latest = this.#now;

  constructor(seed: number) {
    const random = seeded(seed);
    this.#random = random;
    this.#policy = {
      unit: 'coins',
      max: coins(random.oneOf([0.5, 1, 10])),
      refreshPerHour: coins(random.oneOf([0, 0.000001, 0.333333, 1, 60])),
      starting: coins(random.oneOf([0, 1, 20])),
    };
    this.#state = { balance: this.#policy.starting, held: 0n as Coins, refilledAt: this.#now };
    this.#opening = this.#state.balance;
  }

  step(): void {
    const { balance } = this.#state;
    const steps = [this.#reserve, this.#reserve, this.#settle, this.#release, this.#refill];
    const chosen = this.#random.oneOf([...steps, this.#wait, this.#wait, this.#crash]);
    chosen.call(this);
    this.#check(balance, chosen === this.#settle || chosen === this.#crash);
  }

  #reserve(): void {
    this.#refill();
    const ask = {
      inputTokens: this.#random.int(0, 400),
      outputTokens: this.#random.int(1, 400),
      choices: this.#random.int(1, 3),
      clamp: this.#random.chance(0.5),
    };
    const hold = holdFor(this.#state, this.#rates, ask);
    if (!hold) this.#checkRefusal(leastFor(this.#rates, ask));
    else {
      this.#state = plusHeld(this.#state, hold.amount);
      this.#open.push({ ...hold, inputTokens: ask.inputTokens });
    }
  }

  #checkRefusal(least: Coins): void {
    if (least <= available(this.#state)) throw new Error('refused what was affordable');
    const at = affordsAt(this.#state, this.#policy, least);
    if (at !== null && at <= this.#now && this.#state.refilledAt <= this.#now)
      throw new Error('the promised moment has passed already');
  }

  /** The answer used some of its tokens; one in thirty used more than it was allowed. */
  #settle(held = this.#take()): void {
    if (!held) return;
    const share = this.#random.chance(1 / 30) ? 1.5 : this.#random.fraction();
    const charge = costOf([
      { tokens: held.inputTokens, price: this.#rates.input },
      { tokens: Math.floor(held.outputTokens * share), price: this.#rates.output },
    ]);
    if (charge > held.amount) this.#overshoot += charge - held.amount;
    this.#state = spent(this.#state, held.amount, charge);
    this.#entries -= charge;
  }

  #release(): void {
    const held = this.#take();
    if (held) this.#state = spent(this.#state, held.amount, 0n as Coins);
  }

  #take(): Held | undefined {
    return this.#open.splice(this.#random.int(0, Math.max(0, this.#open.length - 1)), 1)[0];
  }

  #refill(): void {
    const before = this.#state;
    this.#state = refill(before, this.#policy, this.#now);
    this.#entries += this.#state.balance - before.balance;
    this.#refilled += this.#state.balance - before.balance;
    if (this.#state.balance > before.balance && this.#state.balance > this.#policy.max)
      throw new Error('refilled beyond max');
  }

  /** Mostly forward; sometimes the clock is set back by hours. */
  #wait(): void {
    const [least, most] = this.#random.oneOf([
      [1, 1_000],
      [1, 60_000_000],
      [1, 2 ** 31],
      [-(2 ** 31), 0],
    ] as const);
    this.#now += BigInt(this.#random.int(least, most));
    if (this.#now < this.#begun) this.#now = this.#begun;
    if (this.#now > this.#latest) this.#latest = this.#now;
  }

  /** The process dies: whoever finds its requests settles each, for what it had produced or for nothing. */
  #crash(): void {
    for (const held of this.#open.splice(0)) {
      if (this.#random.chance(0.5)) this.#settle(held);
      else this.#state = spent(this.#state, held.amount, 0n as Coins);
    }
  }

  #check(before: bigint, mayPay: boolean): void {
    const { balance, held } = this.#state;
    const open = this.#open.reduce((sum, { amount }) => sum + amount, 0n);
    if (balance !== this.#opening + this.#entries) throw new Error('the ledger does not sum up');
    if (held !== open) throw new Error(`${held} held, ${open} open`);
    if (balance - held + this.#overshoot < 0n) throw new Error('holds passed the balance');
    if (!mayPay && balance < before) throw new Error('something was taken without a bill');
    if (this.#refilled * HOUR > this.#policy.refreshPerHour * (this.#latest - this.#begun))
      throw new Error('refilled beyond rate × time');
  }
}

test(`R1 R2 R9 a pool keeps its promises over ${SEEDS} seeds of ${STEPS} steps`, () => {
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
});
