import { expect, test, vi } from 'vitest';
import { type TestApp, type TestAppOptions, testApp } from '../../support/app.ts';
import { answers, waits } from '../../support/fake-model.ts';
import { post } from '../v1/client.ts';
import { expectCleanBooks, wrongPools } from './audit.ts';

// Hundreds of requests each.
vi.setConfig({ testTimeout: 60_000 });

/** Prompts are free and five tokens cost one coin; what is held for a request is what it pays. */
async function busyApp(coins: number, options: TestAppOptions = {}): Promise<TestApp> {
  const app = await testApp({
    ...options,
    config: ({ url }) => ({
      models: [
        {
          name: 'fake',
          input_cost_per_million: 0,
          output_cost_per_million: 200_000,
          endpoints: [{ url, model: 'fake-1' }],
        },
      ],
      groups: {
        default: {
          max: coins,
          refresh: 0,
          starting: coins,
          model_access: { default: 'allowed' },
        },
      },
    }),
  });
  app.model.answer(answers({ texts: ['Hi'], usage: { prompt_tokens: 3, completion_tokens: 5 } }));
  // Before its first heartbeat a process takes no lease.
  const silent = () => app.rows('select from replica where heartbeat_at = started_at');
  await expect.poll(silent, { timeout: 5_000 }).toEqual([]);
  return app;
}

const REQUEST = {
  model: 'fake',
  messages: [{ role: 'user', content: 'Hello' }],
  max_tokens: 5,
};

/** So many requests, some at a time, each of them whole. Gives how many were answered. */
async function spend(apps: readonly TestApp[], key: string, count: number): Promise<number> {
  let begun = 0;
  let answered = 0;
  const caller = async (app: TestApp): Promise<void> => {
    while (begun < count) {
      begun += 1;
      const response = await post(app, REQUEST, { key });
      await response.text();
      if (response.status === 200) answered += 1;
      else expect(response.status).toBe(429);
    }
  };
  await Promise.all(
    Array.from({ length: 24 }, (_, at) => caller(apps[at % apps.length] as TestApp)),
  );
  return answered;
}

const leases = (app: TestApp) => app.rows<{ amount: bigint }>('select amount from pool_lease');

/** Until the account is busy to the process, and a lease is held. */
async function untilLeased(app: TestApp, key: string): Promise<number> {
  let answered = 0;
  await expect
    .poll(
      async () => {
        answered += await spend([app], key, 24);
        return leases(app);
      },
      { timeout: 10_000 },
    )
    .toHaveLength(1);
  return answered;
}

const poolOf = async (app: TestApp) => (await app.rows('select balance, held from pool'))[0];

/** A streamed answer that its model server has yet to give. */
async function waiting(app: TestApp, key: string) {
  const arrival = app.model.received(app.model.requests.length + 1);
  app.model.answerNext(waits());
  const answer = post(app, { ...REQUEST, stream: true }, { key });
  return { answer, request: await arrival };
}

test('R1 a busy account is let in out of a lease, which goes back when nobody needs it', async () => {
  const app = await busyApp(100_000);
  const { key } = await (await app.person()).withKey();
  const paid = (await untilLeased(app, key)) + (await spend([app], key, 200));
  expect(await wrongPools(app)).toEqual([]);
  await expect.poll(() => leases(app), { timeout: 10_000 }).toEqual([]);
  const balance = BigInt(100_000 - paid) * 1_000_000n;
  expect(await poolOf(app)).toEqual({ balance, held: 0n });
  await expectCleanBooks(app);
});

test('R2 what only a lease keeps is refused to nobody: the last coin is spent, and not one more', async () => {
  const app = await busyApp(600);
  const { key } = await (await app.person()).withKey();
  const first = await untilLeased(app, key);
  expect(first + (await spend([app], key, 650))).toBe(600);
  expect((await poolOf(app))?.balance).toBe(0n);
  await expect.poll(() => leases(app), { timeout: 10_000 }).toEqual([]);
  await expectCleanBooks(app);
});

test('R2 two processes with a lease each never pass the pool, and together spend all of it', async () => {
  const first = await busyApp(600);
  const second = await busyApp(600, { model: first.model, databaseUrl: first.databaseUrl });
  const { key } = await (await first.person()).withKey();
  let answered = await spend([first, second], key, 650);
  expect(answered).toBeLessThanOrEqual(600);
  await expect.poll(() => leases(first), { timeout: 10_000 }).toEqual([]);
  answered += await spend([first, second], key, 100);
  expect(answered).toBe(600);
  await expectCleanBooks(first);
});

test('R4 a request that lasts gets a row of its own, and pays out of that', async () => {
  const app = await busyApp(100_000);
  const { key } = await (await app.person()).withKey();
  const paid = await untilLeased(app, key);
  const { answer, request } = await waiting(app, key);
  await request.delivers('twelve chars');
  await expect
    .poll(() => app.rows('select amount, output_tokens from reservation'), { timeout: 10_000 })
    .toEqual([{ amount: 1_000_000n, output_tokens: 3 }]);
  expect(await wrongPools(app)).toEqual([]);
  request.finishes();
  await (await answer).text();
  await expect.poll(() => leases(app), { timeout: 10_000 }).toEqual([]);
  const balance = BigInt(100_000 - paid - 1) * 1_000_000n;
  expect(await poolOf(app)).toEqual({ balance, held: 0n });
  await expectCleanBooks(app);
});

test('R5 a request let in out of a lease gets its row as soon as its answer has begun', async () => {
  const app = await busyApp(100_000);
  const { key } = await (await app.person()).withKey();
  await untilLeased(app, key);
  const { answer, request } = await waiting(app, key);
  // No heartbeat comes through from here on.
  await app.rows('alter table replica rename to silent');
  await request.delivers('twelve chars');
  await expect
    .poll(() => app.rows('select amount, output_tokens from reservation'), { timeout: 10_000 })
    .toEqual([{ amount: 1_000_000n, output_tokens: 3 }]);
  await app.rows('alter table silent rename to replica');
  request.finishes();
  await (await answer).text();
  await expectCleanBooks(app);
});

test('R4 the lease of a process that died goes back to the pool', async () => {
  const app = await busyApp(100_000);
  const { key } = await (await app.person()).withKey();
  await untilLeased(app, key);
  await app.rows(`with dead as (
      insert into replica (id, heartbeat_at) values (gen_random_uuid(), now() - interval '1 minute') returning id)
    update pool_lease set replica_id = dead.id from dead`);
  await busyApp(100_000, { model: app.model, databaseUrl: app.databaseUrl });
  await expect.poll(() => leases(app)).toEqual([]);
  expect((await poolOf(app))?.held).toBe(0n);
  // Who was only taken for dead goes on, and its books stay right.
  await spend([app], key, 100);
  expect(await wrongPools(app)).toEqual([]);
});

test('R2 a process that was silent for so long that others gave its lease back relies on it no more', async () => {
  const app = await busyApp(100_000);
  const { key } = await (await app.person()).withKey();
  await untilLeased(app, key);
  // In one statement what happens to a process without heartbeats, and that the pool is empty then.
  await app.rows(`with silent as (update replica set heartbeat_at = now() - interval '1 minute'),
    gone as (delete from pool_lease),
    emptied as (update pool set balance = 0, held = 0 returning account_id, (select balance from pool) as before)
    insert into ledger_entry (account_id, kind, amount) select account_id, 'reset', -before from emptied`);
  const silent = () =>
    app.rows("select from replica where heartbeat_at < now() - interval '30 seconds'");
  await expect.poll(silent, { timeout: 5_000 }).toEqual([]);
  expect(await spend([app], key, 24)).toBe(0);
  expect(await poolOf(app)).toEqual({ balance: 0n, held: 0n });
  await expectCleanBooks(app);
});

test('R3 a request whose row can not be written while it runs is billed nevertheless', async () => {
  const app = await busyApp(100_000);
  const { key } = await (await app.person()).withKey();
  await untilLeased(app, key);
  const { answer, request } = await waiting(app, key);
  await app.rows('alter table reservation add constraint shut check (output_tokens = 0) not valid');
  await request.delivers('twelve chars');
  const failed = () =>
    app.log.filter(({ msg }) => msg === 'the heartbeat could not be written').length;
  await expect.poll(failed, { timeout: 5_000 }).toBeGreaterThan(0);
  request.finishes();
  expect(await (await answer).text()).toContain('[DONE]');
  await app.rows('alter table reservation drop constraint shut');
  await expect.poll(() => leases(app), { timeout: 10_000 }).toEqual([]);
  await expectCleanBooks(app);
});

test('R5 an answer that could not be settled never looks complete', async () => {
  const app = await testApp();
  const { key } = await (await app.person()).withKey();
  await app.rows("alter table request_log add constraint shut check (source <> 'api') not valid");
  const response = await post(app, { ...REQUEST, stream: true }, { key });
  expect(response.status).toBe(200);
  const text = await response.text();
  expect(text).not.toContain('[DONE]');
  expect(text).toContain('"error"');
});
