import { expect, test } from 'vitest';
import { billFor } from '../../../server/gateway/bill.ts';
import { Meter } from '../../../server/gateway/meter.ts';
import { coins, price } from '../../../server/kernel/coins.ts';
import type { Delta, TokenUsage } from '../../../server/upstream/delta.ts';

const usage = (inputTokens: number, outputTokens: number, cachedInputTokens = 0): TokenUsage => ({
  inputTokens,
  outputTokens,
  cachedInputTokens,
  reasoningTokens: 0,
});
const delta = (fields: Partial<Delta>): Delta => ({
  raw: '{}',
  content: '',
  reasoning: '',
  producedCharacters: 0,
  finishReason: null,
  usage: null,
  seconds: null,
  name: '',
  isUsageOnly: false,
  upstreamModel: null,
  ...fields,
});

const PRICES = { input: price(1_000), output: price(2_000) };
const COINS = { unit: 'coins', prices: PRICES, cachedInput: null } as const;

test('a coin pool pays what the answer cost', () => {
  const bill = billFor(COINS, usage(100, 50));
  expect(bill).toEqual({ cost: coins('0.2'), charge: coins('0.2') });
});

test('cached input has its own price where there is one', () => {
  const cachedInput = price(100);
  expect(billFor({ ...COINS, cachedInput }, usage(100, 0, 80)).cost).toBe(coins('0.028'));
  expect(billFor(COINS, usage(100, 0, 80)).cost).toBe(coins('0.1'));
});

test('a token pool pays one token for each, while the cost in coins is still told', () => {
  const bill = billFor({ ...COINS, unit: 'tokens' }, usage(100, 50));
  expect(bill).toEqual({ cost: coins('0.2'), charge: coins(150) });
  const cachedInput = price(0);
  expect(billFor({ ...COINS, unit: 'tokens', cachedInput }, usage(100, 50, 90)).charge).toBe(
    coins(150),
  );
});

test('R7 what the model server counted is believed, also an explicit 0', () => {
  const meter = new Meter(40);
  meter.pass([delta({ producedCharacters: 100 })]);
  meter.pass([delta({ usage: usage(0, 0) })]);
  expect(meter).toMatchObject({ isEstimated: false, usage: usage(0, 0) });
});

test('R7 what nobody counted is estimated from the prompt and what was produced', () => {
  const meter = new Meter(40);
  meter.pass([delta({ producedCharacters: 3 }), delta({ producedCharacters: 6 })]);
  expect(meter).toMatchObject({ isEstimated: true, usage: usage(40, 3) });
});

test('an answer that never began costs nothing', () => {
  const meter = new Meter(40);
  meter.pass([delta({})]);
  expect(meter).toMatchObject({ isEstimated: false, usage: usage(0, 0), firstTokenMs: null });
});

test('R7 an empty answer that nobody counted costs its prompt', () => {
  const streamed = new Meter(40);
  streamed.pass([delta({ finishReason: 'stop' })]);
  expect(streamed).toMatchObject({ isEstimated: true, usage: usage(40, 0) });
  const whole = new Meter(40);
  whole.passAnswer({
    raw: '{}',
    contentType: null,
    usage: null,
    seconds: null,
    producedCharacters: 0,
    upstreamModel: null,
  });
  expect(whole).toMatchObject({ isEstimated: true, usage: usage(40, 0) });
});

test('R6 what came after the last count, before the client left, is estimated on top of it', () => {
  const meter = new Meter(40);
  meter.pass([delta({ usage: usage(12, 0) })]);
  meter.pass([delta({ producedCharacters: 30 }), delta({ producedCharacters: 10 })]);
  expect(meter).toMatchObject({ isEstimated: true, usage: usage(12, 10) });
  meter.pass([delta({ usage: usage(12, 9) })]);
  expect(meter).toMatchObject({ isEstimated: false, usage: usage(12, 9) });
});
