import { createServer, type Server } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import {
  answers,
  endsAfter,
  type FakeModel,
  refuses,
  resetsAfter,
  responds,
  startFakeModel,
  waits,
} from '../../support/fake-model.ts';
import { errorOf, HELLO, post } from '../v1/client.ts';
import { adminOf, asks, becomes, fleet, modelsOf, received, seen } from './fleet.ts';

const HI = answers({ texts: ['Hi'] });

test('a server that refuses our key leaves rotation also when it is the only one, and nobody but administrators hears why', async () => {
  const one = await fleet({ endpoints: [{}] });
  const [model] = one.models as [FakeModel];
  const admin = await adminOf(one);
  model.answer(refuses(401, 'Incorrect API key provided: upstream-secret-0'));
  model.modelsBehaviour = refuses(401, 'Incorrect API key provided: upstream-secret-0');
  const response = await post(one.app, HELLO, { key: one.key });
  expect(response.status).toBe(502);
  expect(await errorOf(response)).toMatchObject({
    code: 'upstream_refused_credentials',
    message: "The model's server refused Lumen's credentials. Please tell an administrator.",
  });
  expect(await seen(admin)).toMatchObject([
    { health: 'DOWN', lastError: 'It refused the api_key of the configuration.' },
  ]);
  const next = await post(one.app, HELLO, { key: one.key });
  expect([next.status, next.headers.get('retry-after')]).toEqual([503, '5']);
  expect((await errorOf(next)).code).toBe('model_unavailable');
  expect(received(one)).toEqual([1]);
  model.modelsBehaviour = null;
  model.answer(HI);
  await becomes(admin, 'HEALTHY');
  expect(await asks(one)).toBe(200);
});

test('the only server goes on getting requests while it fails some', async () => {
  const one = await fleet({ endpoints: [{}] });
  const [model] = one.models as [FakeModel];
  model.answer(responds(500, 'oops'));
  for (let at = 0; at < 4; at += 1) expect(await asks(one)).toBe(502);
  model.answer(HI);
  expect(await asks(one)).toBe(200);
  expect(received(one)).toEqual([5]);
  expect(await seen(await adminOf(one))).toMatchObject([
    { health: 'HEALTHY', lastError: 'It answered with an error of its own.' },
  ]);
});

test('the only server is not given up for being too busy to answer a probe while it answers requests', async () => {
  const one = await fleet({ endpoints: [{}] });
  const [model] = one.models as [FakeModel];
  const admin = await adminOf(one);
  model.modelsBehaviour = waits();
  model.answerNext(responds(500, 'so that it is probed'));
  expect([await asks(one), await asks(one)]).toEqual([502, 200]);
  await expect
    .poll(async () => (await seen(admin))[0], { timeout: 10_000 })
    .toMatchObject({ health: 'SUSPECT', lastError: 'It did not answer in time.' });
  expect(await asks(one)).toBe(200);
  model.modelsBehaviour = null;
  await becomes(admin, 'HEALTHY');
}, 30_000);

test('one that fails again and again, though its probes succeed, is spared most requests', async () => {
  const two = await fleet({ endpoints: [{}, {}] });
  const [first] = two.models as [FakeModel];
  first.answer(responds(500, 'oops'));
  for (let at = 0; at < 40; at += 1) expect(await asks(two)).toBe(200);
  const [atTheBad = 0, atTheGood] = received(two);
  expect(atTheGood).toBe(40);
  expect(atTheBad).toBeLessThanOrEqual(6);
  first.answer(HI);
  await becomes(await adminOf(two), 'HEALTHY', 'HEALTHY');
});

test('one answer that breaks off is its request’s misfortune, three in a row are the server’s', async () => {
  const two = await fleet({ endpoints: [{}, {}] });
  const [first] = two.models as [FakeModel];
  const admin = await adminOf(two);
  const healthOfFirst = async () => (await seen(admin))[0]?.health;
  const breaks = async () => {
    const before = first.requests.length;
    while (first.requests.length === before) await asks(two, true);
  };
  first.answer(endsAfter('Hel'));
  first.modelsBehaviour = responds(500, 'no probe brings it back');
  await breaks();
  await breaks();
  first.answerNext(HI);
  await breaks();
  await breaks();
  first.answer(resetsAfter('Hel'));
  await breaks();
  expect(await healthOfFirst()).toBe('HEALTHY');
  await breaks();
  expect(await healthOfFirst()).not.toBe('HEALTHY');
});

test('many requests that meet a dead server at once are all answered by the other, and it counts as one failure', async () => {
  const two = await fleet({ endpoints: [{}, {}] });
  const [first] = two.models as [FakeModel];
  first.answer((request) => request.resets());
  const statuses = await Promise.all(Array.from({ length: 100 }, (_, at) => asks(two, at % 2 > 0)));
  expect(statuses).toEqual(Array(100).fill(200));
  first.answer(HI);
  await becomes(await adminOf(two), 'HEALTHY', 'HEALTHY');
});

test('a new endpoint of a saved configuration is probed at once and gets its share', async () => {
  const one = await fleet({ endpoints: [{}] });
  const more = await startFakeModel();
  onTestFinished(() => more.close());
  const all = [...one.models, more];
  const admin = await adminOf(one);
  await one.app.saves(modelsOf(all, { endpoints: [{}, {}] }));
  await becomes(admin, 'HEALTHY', 'HEALTHY');
  for (let at = 0; at < 6; at += 1) expect(await asks(one)).toBe(200);
  expect(all.map(({ requests }) => requests.length)).toEqual([3, 3]);
});

test('the same address with another key is another endpoint', async () => {
  const one = await fleet({ endpoints: [{ api_key: 'upstream-secret-a' }] });
  const [model] = one.models as [FakeModel];
  const admin = await adminOf(one);
  const twins = [{ api_key: 'upstream-secret-a' }, { api_key: 'upstream-secret-b' }];
  await one.app.saves(modelsOf([model, model], { endpoints: twins }));
  await becomes(admin, 'HEALTHY', 'HEALTHY');
  for (let at = 0; at < 4; at += 1) expect(await asks(one)).toBe(200);
  expect(model.requests.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer upstream-secret-a',
    'Bearer upstream-secret-b',
    'Bearer upstream-secret-a',
    'Bearer upstream-secret-b',
  ]);
});

/** Accepts connections and never answers. */
async function blackHole(): Promise<string> {
  const server: Server = createServer(() => undefined);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/v1`;
}

test('servers that swallow their probes hold up nobody else’s', async () => {
  const holes = await Promise.all(Array.from({ length: 8 }, blackHole));
  const one = await fleet({ endpoints: [{}] });
  const [model] = one.models as [FakeModel];
  const fresh = await startFakeModel();
  onTestFinished(() => fresh.close());
  const endpoints = [...holes.map((url) => ({ url })), { url: model.url }, { url: fresh.url }];
  await one.app.saves(modelsOf([], { endpoints }));
  const admin = await adminOf(one);
  const started = performance.now();
  await expect.poll(async () => (await seen(admin)).at(-1)?.health).toBe('HEALTHY');
  expect(performance.now() - started).toBeLessThan(4_000);
  expect(await asks(one)).toBe(200);
  await expect
    .poll(async () => (await seen(admin))[0]?.lastError, { timeout: 8_000 })
    .toBe('It did not answer in time.');
}, 20_000);

const STATUS = `subscription { viewerEvents { __typename
  ... on ModelsChanged { models { name status endpointCount healthyEndpointCount lastCheckedAt } } } }`;

interface Told {
  readonly __typename: string;
  readonly models?: readonly object[];
}

/** What somebody is told of the models from now on. */
function listens(person: Person): object[] {
  const told: object[] = [];
  const socket = person.socket();
  socket.subscribe<{ viewerEvents: Told }>(
    { query: STATUS },
    {
      next: ({ data }) => void told.push(...(data?.viewerEvents.models ?? [])),
      error: () => undefined,
      complete: () => undefined,
    },
  );
  onTestFinished(() => socket.dispose());
  return told;
}

test('everybody sees the status of a model change, live, and sees it recover', async () => {
  const two = await fleet({ endpoints: [{}, {}] });
  const [first, second] = two.models as [FakeModel, FakeModel];
  const ada = await two.app.person();
  const told = listens(ada);
  for (const model of [first, second]) {
    model.answer(responds(500, 'oops'));
    model.modelsBehaviour = responds(500, 'oops');
  }
  await expect
    .poll(
      async () => {
        await asks(two);
        return told.at(-1);
      },
      { timeout: 8_000, interval: 100 },
    )
    .toMatchObject({ name: 'fake', status: 'DOWN', endpointCount: 2, healthyEndpointCount: 0 });
  first.modelsBehaviour = null;
  await expect
    .poll(() => told.at(-1), { timeout: 10_000 })
    .toMatchObject({ status: 'DEGRADED', healthyEndpointCount: 1 });
  second.modelsBehaviour = null;
  await expect
    .poll(() => told.at(-1), { timeout: 10_000 })
    .toMatchObject({ status: 'OK', lastCheckedAt: expect.any(String) });
}, 30_000);

test('a request that hangs at a server taken for healthy is answered by the other in time', async () => {
  const two = await fleet({ endpoints: [{ first_byte_timeout: 0.3 }, {}] });
  const [first] = two.models as [FakeModel];
  first.answer(waits());
  const started = performance.now();
  expect([await asks(two), await asks(two, true)]).toEqual([200, 200]);
  expect(performance.now() - started).toBeLessThan(4_000);
});
