import { expect, test } from 'vitest';
import { affordsAt, type LimitedPolicy, refill } from '../../../server/budget/pool.ts';
import { type Coins, coins } from '../../../server/kernel/coins.ts';
import { type Seeded, seeded } from '../../support/seeded.ts';

const HOUR = 3_600_000_000n;
const START = 1_700_000_000_000_000n;

const policy = (max: number, refresh: number | string): LimitedPolicy => ({
  unit: 'coins',
  max: coins(max),
  refreshPerHour: coins(refresh),
  starting: coins(max),
});
const pool = (balance: number | string, held = 0) => ({
  balance: coins(balance),
  held: coins(held),
  refilledAt: START,
});
const after = (hours: number) => START + BigInt(Math.round(hours * 3600)) * 1_000_000n;

test.each([
  ['nothing in no time', 0, '2'],
  ['a fraction in a fraction of an hour', 0.5, '2.75'],
  ['the hourly amount in an hour', 1, '3.5'],
  ['never more than max', 100, '10'],
  ['not even 26 hours late', 26, '10'],
])('a pool of 2 with 1.5 per hour gets %s', (_what, hours, left) => {
  expect(refill(pool(2), policy(10, 1.5), after(hours)).balance).toBe(coins(left));
});

test('a balance above max stays as it is, and gets nothing', () => {
  const rich = refill(pool(25), policy(10, 1), after(5));
  expect(rich.balance).toBe(coins(25));
});

test('a balance below zero is paid back like any other', () => {
  expect(refill(pool(-3), policy(10, 1), after(2)).balance).toBe(coins(-1));
});

test('R9 time without a refill is not paid for later', () => {
  const dry = refill(pool(2), policy(10, 0), after(48));
  expect(dry.balance).toBe(coins(2));
  expect(refill(dry, policy(10, 1), after(49)).balance).toBe(coins(3));
});

test('time in which the pool was full is not paid for later', () => {
  const full = refill(pool(10), policy(10, 1), after(48));
  const spent = { ...full, balance: coins(4) };
  expect(refill(spent, policy(10, 1), after(49)).balance).toBe(coins(5));
});

test('R9 a clock that is set back gives nothing, and nothing twice when it comes forward again', () => {
  const first = refill(pool(0), policy(100, 1), after(10));
  const back = refill(first, policy(100, 1), after(-14));
  expect(back).toEqual(first);
  expect(refill(back, policy(100, 1), after(11)).balance).toBe(coins(11));
});

test('what running requests hold does not change the refill', () => {
  expect(refill(pool(2, 2), policy(10, 1), after(1))).toMatchObject({
    balance: coins(3),
    held: coins(2),
  });
});

test('R9 doing it twice at one instant is doing it once', () => {
  eachSeed(2_000, (random) => {
    const rules = { ...policy(1_000_000, 1), refreshPerHour: anAmount(random) };
    const now = START + BigInt(random.int(0, 2 ** 31)) * BigInt(random.int(1, 5_000));
    const once = refill(pool(random.int(0, 5)), rules, now);
    expect(refill(once, rules, now)).toEqual(once);
  });
});

test('R9 however often it is called: never above rate × time, and below it by less than 1 µs a call', () => {
  eachSeed(300, (random) => {
    const rate = anAmount(random);
    const rules = { ...policy(1, 1), max: (2n ** 60n) as Coins, refreshPerHour: rate };
    const calls = random.int(1, 200);
    let state = pool(0);
    let now = START;
    for (let call = 0; call < calls; call += 1) {
      now += BigInt(random.int(1, random.oneOf([10, 1_000, 1_000_000, 2 ** 31])));
      state = refill(state, rules, now);
    }
    const exact = rate * (now - START);
    expect(state.balance * HOUR).toBeLessThanOrEqual(exact);
    expect(exact - state.balance * HOUR).toBeLessThanOrEqual(rate * BigInt(calls) + HOUR);
  });
});

test('the promised moment is the first at which the pool affords the amount', () => {
  eachSeed(3_000, (random) => {
    const rate = anAmount(random);
    const rules = { ...policy(1_000, 1), refreshPerHour: rate };
    const state = { ...pool(0), balance: BigInt(random.int(-1_000_000, 500_000_000)) as Coins };
    const amount = BigInt(random.int(1, 1_000_000_000)) as Coins;
    const at = affordsAt(state, rules, amount);
    if (at === null) throw new Error('a pool with a refill affords what is below its max');
    expect(refill(state, rules, at).balance).toBeGreaterThanOrEqual(amount);
    if (state.balance < amount) expect(refill(state, rules, at - 1n).balance).toBeLessThan(amount);
  });
});

test('no moment is promised for what never comes', () => {
  expect(affordsAt(pool(2), policy(10, 0), coins(3))).toBeNull();
  expect(affordsAt(pool(2), policy(10, 1), coins(11))).toBeNull();
});

/** From one micro-coin to thousands of coins an hour. */
const anAmount = (random: Seeded): Coins =>
  BigInt(Math.ceil(10 ** (random.fraction() * 9.5))) as Coins;

function eachSeed(seeds: number, check: (random: Seeded) => void): void {
  for (let seed = 1; seed <= seeds; seed += 1) {
    try {
      check(seeded(seed));
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
  }
}
