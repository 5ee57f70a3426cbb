import { expect, onTestFinished, test } from 'vitest';
import { testApp } from '../../support/app.ts';
import { answers, type FakeModel, says, startFakeModel, waits } from '../../support/fake-model.ts';
import { errorOf, HELLO, keyOf, post } from '../v1/client.ts';
import { adminOf, asks, becomes, type Fleet, fleet, modelsOf, received, seen } from './fleet.ts';

/** Begins a streamed request whose answer the test holds open. */
async function holds({ app, key }: Fleet, at: FakeModel): Promise<() => Promise<void>> {
  at.answerNext((request) => request.says('Hel'));
  const nth = at.requests.length + 1;
  const response = await post(app, { ...HELLO, stream: true }, { key });
  const request = await at.received(nth);
  return async () => {
    request.finishes();
    await response.text();
  };
}

test('weights share the requests exactly', async () => {
  const three = await fleet({
    rotation: 'weighted',
    endpoints: [{ weight: 3 }, { weight: 1 }, {}],
  });
  for (let at = 0; at < 20; at += 1) expect(await asks(three, at % 2 === 0)).toBe(200);
  expect(received(three)).toEqual([12, 4, 4]);
});

test('least_busy sends to whoever has the fewest under way, also while answers stream', async () => {
  const three = await fleet({ rotation: 'least_busy', endpoints: [{}, {}, {}] });
  const [first, second] = three.models as [FakeModel, FakeModel];
  const releases = [await holds(three, first), await holds(three, second)];
  for (let at = 0; at < 5; at += 1) expect(await asks(three)).toBe(200);
  expect(received(three)).toEqual([1, 1, 5]);
  for (const release of releases) await release();
  for (let at = 0; at < 6; at += 1) expect(await asks(three, true)).toBe(200);
  expect(received(three)).toEqual([3, 3, 7]);
});

test('the limit of an endpoint is never passed, and 200 at once are answered or told to come back', async () => {
  const limits = [3, 5];
  const two = await fleet({
    rotation: 'least_busy',
    endpoints: limits.map((limit) => ({ max_concurrent: limit })),
  });
  const peaks = two.models.map((model) => {
    const peak = { now: 0, most: 0 };
    model.answer((request) => {
      peak.now += 1;
      peak.most = Math.max(peak.most, peak.now);
      setImmediate(() => {
        peak.now -= 1;
        answers({ texts: ['Hi'] })(request);
      });
    });
    return peak;
  });
  const responses = await Promise.all(
    Array.from({ length: 200 }, async (_, at) => {
      const response = await post(two.app, { ...HELLO, stream: at % 2 === 0 }, { key: two.key });
      const text = await response.text();
      return { status: response.status, retryAfter: response.headers.get('retry-after'), text };
    }),
  );
  const answered = responses.filter(({ status }) => status === 200);
  const refused = responses.filter(({ status }) => status === 503);
  expect(answered.length + refused.length).toBe(200);
  expect(answered.length).toBeGreaterThanOrEqual(8);
  expect(refused.every(({ retryAfter }) => retryAfter === '1')).toBe(true);
  for (const [at, peak] of peaks.entries()) expect(peak.most).toBeLessThanOrEqual(limits[at] ?? 0);
  expect(received(two).reduce((sum, count) => sum + count)).toBe(answered.length);
  expect((await seen(await adminOf(two))).map(({ inFlight }) => inFlight)).toEqual([0, 0]);
  expect(await Promise.all([asks(two), asks(two)])).toEqual([200, 200]);
});

test('when all are full the caller is told so, costs nothing, and the model is not called down', async () => {
  const one = await fleet({ endpoints: [{ max_concurrent: 1 }] });
  const release = await holds(one, one.models[0] as FakeModel);
  const response = await post(one.app, HELLO, { key: one.key });
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await errorOf(response)).toMatchObject({
    code: 'model_busy',
    message: 'All servers of the model "fake" are busy at the moment. Try again soon.',
  });
  const admin = await adminOf(one);
  expect(await seen(admin)).toMatchObject([{ health: 'HEALTHY', inFlight: 1, concurrencyMax: 1 }]);
  expect(await admin.asks('{ models { status } }')).toEqual({ models: [{ status: 'OK' }] });
  await release();
  expect(await asks(one)).toBe(200);
});

test('a caller that leaves gives its place back', async () => {
  const one = await fleet({ endpoints: [{ max_concurrent: 1 }] });
  const [model] = one.models as [FakeModel];
  for (const behaviour of [waits(), (request: { says(text: string): void }) => request.says('H')]) {
    model.answerNext(behaviour);
    const nth = model.requests.length + 1;
    const leaving = new AbortController();
    const left = post(one.app, { ...HELLO, stream: true }, { key: one.key, signal: leaving.signal })
      .then((response) => response.text())
      .catch(() => 'left');
    await model.received(nth);
    leaving.abort();
    expect(await left).toBe('left');
    await model.closedByClient(nth);
    await expect.poll(() => asks(one)).toBe(200);
  }
});

test('rotation, weights and limits follow a save while requests run', async () => {
  const two = await fleet({ endpoints: [{}, {}] });
  const [first] = two.models as [FakeModel];
  const release = await holds(two, first);
  const full = [{ weight: 7, max_concurrent: 1 }, {}];
  await two.app.saves(modelsOf(two.models, { rotation: 'weighted', endpoints: full }));
  const admin = await adminOf(two);
  await expect
    .poll(async () => (await seen(admin)).map(({ concurrencyMax }) => concurrencyMax))
    .toEqual([1, null]);
  for (let at = 0; at < 4; at += 1) expect(await asks(two)).toBe(200);
  expect(received(two)).toEqual([1, 4]);
  await release();
  for (let at = 0; at < 8; at += 1) expect(await asks(two)).toBe(200);
  expect(received(two)).toEqual([8, 5]);
});

test('one and the same server behind two models has one limit', async () => {
  const model = await startFakeModel();
  onTestFinished(() => model.close());
  const endpoints = [{ url: model.url, model: 'fake-1', max_concurrent: 1 }];
  const named = (name: string) => ({
    name,
    input_cost_per_million: 0,
    output_cost_per_million: 0,
    endpoints,
  });
  const app = await testApp({ model, config: { models: [named('fake'), named('twin')] } });
  const both = { app, models: [model], key: await keyOf(app) };
  const release = await holds(both, model);
  const response = await post(app, { ...HELLO, model: 'twin' }, { key: both.key });
  expect([response.status, (await errorOf(response)).code]).toEqual([503, 'model_busy']);
  await release();
  const admin = await adminOf(both);
  expect(await seen(admin)).toMatchObject([{ models: ['fake', 'twin'], inFlight: 0 }]);
});

test('an endpoint has a patience of its own, which follows a save', async () => {
  const two = await fleet({ endpoints: [{ first_byte_timeout: 0.2 }, {}] });
  const [first, second] = two.models as [FakeModel, FakeModel];
  first.answerNext(waits());
  second.answer(says('Hello'));
  expect(await asks(two)).toBe(200);
  const admin = await adminOf(two);
  expect((await seen(admin))[0]?.lastError).toBe('It did not answer in time.');
  await two.app.saves(modelsOf([first], { endpoints: [{ idle_timeout: 0.2 }] }));
  await expect.poll(async () => (await seen(admin)).length).toBe(1);
  await becomes(admin, 'HEALTHY');
  first.answer((request) => request.says('Hel'));
  const response = await post(two.app, { ...HELLO, stream: true }, { key: two.key });
  expect(await response.text()).toContain('upstream_too_slow');
});
