import { expect, test } from 'vitest';
import type { Admission } from '../../../server/gateway/admit.ts';
import { billOf } from '../../../server/gateway/bill.ts';
import { measureOf } from '../../../server/gateway/measure.ts';
import { Meter } from '../../../server/gateway/meter.ts';
import { coins, price, priceByTheHour } from '../../../server/kernel/coins.ts';
import { readAnswer } from '../../../server/upstream/read-delta.ts';

const PRICES = { input: price(1_000), cachedInput: null, output: price(2_000) };

/** What an answer costs that was admitted for a recording of so many seconds, at 3.6 coins an hour. */
function billed(answer: object, { seconds = 10, unit = 'coins' as 'coins' | 'tokens' } = {}) {
  const model = { prices: { ...PRICES, audio: priceByTheHour(3.6) }, maxOutputTokens: null };
  const recording = { seconds, form: () => expect.unreachable() };
  const ask = { path: '/audio/transcriptions', body: {}, recording };
  const budgets = { outputTokens: 8192, clampOutput: true };
  const measure = measureOf(ask as never, model as never, budgets);
  const reservation = { outputTokens: measure.outputTokens, ask: { policy: { unit } } };
  const meter = new Meter(measure.inputTokens);
  meter.passAnswer(readAnswer(JSON.stringify(answer), ask.path));
  return billOf({ ask, model, measure, reservation } as unknown as Admission, meter);
}

const lasting = (seconds: unknown) => ({ text: 'Hi', usage: { type: 'duration', seconds } });

test('an hour costs its price exactly, and so does each part of it, rounded up to a millionth', () => {
  expect(billed(lasting(3600))).toMatchObject({ cost: coins('3.6'), audioSeconds: 3600 });
  expect(billed(lasting(1)).cost).toBe(coins('0.001'));
  const odd = priceByTheHour(1);
  for (const seconds of [1, 7, 3599, 3600])
    expect((BigInt(seconds) * odd + 999_999_999_999n) / 1_000_000_000_000n).toBe(
      (BigInt(seconds) * 1_000_000n + 3599n) / 3600n,
    );
});

test('a pool of tokens pays one for each second, while the cost in coins is still told', () => {
  expect(billed(lasting(90), { unit: 'tokens' })).toMatchObject({
    cost: coins('0.09'),
    charge: coins(90),
  });
});

test.each([-1, 1e15, 'long', '', null, Number.NaN])(
  'R8 %j is no number of seconds: the estimate is paid, and marked',
  (seconds) => {
    expect(billed(lasting(seconds))).toMatchObject({ audioSeconds: 10, isEstimated: true });
  },
);

test('R8 more seconds than can be in the recording are not paid, and that is marked', () => {
  expect(billed(lasting(1_000_000))).toMatchObject({
    cost: coins('3.6'),
    isOverstated: true,
    isEstimated: true,
  });
  expect(billed(lasting(40_000), { seconds: 10_000 })).toMatchObject({
    cost: coins(40),
    isOverstated: false,
  });
});
