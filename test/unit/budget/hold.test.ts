import { expect, test } from 'vitest';
import {
  available,
  type Hold,
  holdFor,
  leastFor,
  plusHeld,
  ratesFor,
  type Wanted,
} from '../../../server/budget/pool.ts';
import { type Coins, coins, costOf, price } from '../../../server/kernel/coins.ts';
import { seeded } from '../../support/seeded.ts';

/** One coin for 1000 tokens read or 500 written. */
const RATES = { input: price(1_000), output: price(2_000) };
const FREE = { input: price(0), output: price(0) };

const pool = (balance: number | string, held: number | string = 0) => ({
  balance: coins(balance),
  held: coins(held),
  refilledAt: 0n,
});
const wanted = (inputTokens: number, outputTokens: number, more: Partial<Wanted> = {}): Wanted => ({
  inputTokens,
  outputTokens,
  choices: 1,
  clamp: true,
  ...more,
});
const held = (hold: Hold | null) => hold && [hold.amount, hold.outputTokens];

test('what a request can cost at most is held', () => {
  expect(held(holdFor(pool(10), RATES, wanted(1_000, 500)))).toEqual([coins(2), 500]);
});

test('the last coin can be held, and one micro-coin less clamps', () => {
  expect(held(holdFor(pool(2), RATES, wanted(1_000, 500)))).toEqual([coins(2), 500]);
  expect(held(holdFor(pool('1.999999'), RATES, wanted(1_000, 500)))).toEqual([coins('1.998'), 499]);
});

test('what running requests hold can not be held again', () => {
  expect(held(holdFor(pool(10, 8.5), RATES, wanted(1_000, 500)))).toEqual([coins(1.5), 250]);
  expect(holdFor(pool(10, 10), RATES, wanted(1, 1))).toBeNull();
});

test('without clamping a request passes whole or not at all', () => {
  const whole = wanted(1_000, 500, { clamp: false });
  expect(held(holdFor(pool(2), RATES, whole))).toEqual([coins(2), 500]);
  expect(holdFor(pool('1.999999'), RATES, whole)).toBeNull();
  expect(leastFor(RATES, whole)).toBe(coins(2));
});

test('an answer is clamped to 16 tokens and no further', () => {
  expect(leastFor(RATES, wanted(1_000, 500))).toBe(coins('1.032'));
  expect(held(holdFor(pool('1.032'), RATES, wanted(1_000, 500)))).toEqual([coins('1.032'), 16]);
  expect(holdFor(pool('1.031999'), RATES, wanted(1_000, 500))).toBeNull();
});

test('a shorter answer than that is given whole or refused', () => {
  expect(held(holdFor(pool('0.011'), RATES, wanted(1, 5)))).toEqual([coins('0.011'), 5]);
  expect(holdFor(pool('0.010999'), RATES, wanted(1, 5))).toBeNull();
});

test('several choices each have room for a few words, or the request is refused', () => {
  const four = wanted(0, 4 * 500, { choices: 4 });
  expect(held(holdFor(pool('0.128'), RATES, four))).toEqual([coins('0.128'), 64]);
  expect(holdFor(pool('0.127999'), RATES, four)).toBeNull();
});

test('a prompt that can not be paid is refused although the answer is free', () => {
  const rates = { input: price(1_000), output: price(0) };
  expect(holdFor(pool('0.5'), rates, wanted(1_000, 500))).toBeNull();
  expect(holdFor(pool(0), rates, wanted(1_000, 500))).toBeNull();
  expect(holdFor(pool(0), rates, wanted(1_000, 0))).toBeNull();
  expect(held(holdFor(pool(1), rates, wanted(1_000, 500)))).toEqual([coins(1), 500]);
});

test('a free model is used by the poorest, as far as they like', () => {
  expect(held(holdFor(pool(0), FREE, wanted(1_000, 500)))).toEqual([0n, 500]);
  expect(held(holdFor(pool(-5), FREE, wanted(1_000, 500)))).toEqual([0n, 500]);
});

test('a pool of tokens pays one token for each, whatever the model costs', () => {
  const rates = ratesFor('tokens', FREE);
  expect(held(holdFor(pool(1_000), rates, wanted(100, 500)))).toEqual([coins(600), 500]);
  expect(held(holdFor(pool(150), rates, wanted(100, 500)))).toEqual([coins(150), 50]);
  expect(holdFor(pool(115), rates, wanted(100, 500))).toBeNull();
});

test('what is available is never below zero', () => {
  expect(available(pool(1, 3))).toBe(0n);
  expect(available(pool(-1))).toBe(0n);
});

test('R2 a hold never exceeds what is available, covers its tokens, and is refused only below the least', () => {
  const random = seeded(2);
  for (let at = 0; at < 20_000; at += 1) {
    const some = () => price((random.int(0, 3) * 10 ** random.int(-9, 4)).toFixed(12));
    const rates = { input: some(), output: some() };
    const state = {
      balance: BigInt(random.int(-10, 2_000_000)) as Coins,
      held: BigInt(random.int(0, 1_000_000)) as Coins,
      refilledAt: 0n,
    };
    const ask = wanted(random.int(0, 10_000), random.int(0, 10_000), {
      choices: random.int(1, 4),
      clamp: random.chance(0.5),
    });
    const hold = holdFor(state, rates, ask);
    const least = leastFor(rates, ask);
    expect(hold === null).toBe(least > available(state));
    if (!hold) continue;
    expect(hold.amount).toBeLessThanOrEqual(available(state));
    expect(hold.outputTokens).toBeLessThanOrEqual(ask.outputTokens);
    const worst = [
      { tokens: ask.inputTokens, price: rates.input },
      { tokens: hold.outputTokens, price: rates.output },
    ];
    expect(hold.amount).toBe(costOf(worst));
    expect(plusHeld(state, hold.amount).held - state.held).toBe(hold.amount);
  }
});
