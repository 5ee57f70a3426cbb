import { afterAll, expect, test } from 'vitest';
import { startApp, testApp } from '../../support/app.ts';
import { answers } from '../../support/fake-model.ts';
import { redisUrl } from '../../support/services.ts';
import { wrongPools } from '../money/audit.ts';
import { HELLO, post } from '../v1/client.ts';
import { ages, GRANT, LIMIT, RESET, seenBy, trailOf } from './budget-operations.ts';

// An answer costs 0.2 coins.
const app = await startApp({
  config: {
    groups: {
      default: { max: 10, refresh: 0, starting: 4, model_access: { default: 'allowed' } },
    },
    users: { 'locked@example.org': { max: 3 } },
  },
});
app.model.answer(answers({ texts: ['Hi'], usage: { prompt_tokens: 100, completion_tokens: 50 } }));
afterAll(app.close);
const admin = await app.person('dev@example.com');

const ledgerOf = (id: string) =>
  app.rows('select kind from ledger_entry where account_id = $1', id);

test('a limit replaces what groups grant, at once also for a key in use, until it is taken back', async () => {
  const ada = await app.person();
  const { key } = await ada.withKey();
  const account = { email: ada.email };
  expect((await post(app, HELLO, { key })).status).toBe(200);
  const { setAccountLimit } = await admin.asks<{ setAccountLimit: object }>(LIMIT, {
    account,
    limit: { max: 50, refreshPerHour: 0.000001 },
  });
  // The balance stays: a larger pool is filled by refills and grants.
  expect(setAccountLimit).toMatchObject({ left: '3.8', max: '50', refreshPerHour: '0.000001' });
  expect((await seenBy(admin, ada)).limit).toEqual({
    isLocked: false,
    policy: { max: '50', refreshPerHour: '0.000001' },
  });
  await admin.asks(LIMIT, { account, limit: { max: 0 } });
  expect((await post(app, HELLO, { key })).status).toBe(403);
  await admin.asks(LIMIT, { account, limit: { max: -2 } });
  expect((await post(app, HELLO, { key })).status).toBe(200);
  expect(await ada.asks('{ viewer { pool { unlimited } } }')).toEqual({
    viewer: { pool: { unlimited: true } },
  });
  await admin.asks(LIMIT, { account });
  await admin.asks(LIMIT, { account });
  const after = await seenBy(admin, ada);
  expect(after).toMatchObject({ limit: null, pool: { left: '3.8', max: '10' } });
  const trail = await trailOf(app, after.id);
  expect(trail.map(({ action }) => action)).toEqual([
    'limit.set',
    'limit.set',
    'limit.set',
    'limit.removed',
  ]);
  expect(trail[0]).toEqual({
    action: 'limit.set',
    before: { limit: null },
    after: { limit: { unit: 'coins', max: '50', refreshPerHour: '0.000001', starting: '50' } },
    reason: 'As agreed',
  });
  expect(await wrongPools(app)).toEqual([]);
});

test('R9 a new limit pays for no time before it, and loses none that was due', async () => {
  const ada = await app.person();
  const account = { email: ada.email };
  await admin.asks(LIMIT, { account, limit: { max: 100, refreshPerHour: 0, starting: 1 } });
  await admin.asks(RESET, { account });
  await ages(app, ada, '48 hours');
  await admin.asks(LIMIT, { account, limit: { max: 100, refreshPerHour: 3, starting: 1 } });
  expect((await ada.pool()).left).toBeCloseTo(1, 2);
  await ages(app, ada, '2 hours');
  await admin.asks(LIMIT, { account, limit: { max: 100, refreshPerHour: 0, starting: 1 } });
  await ages(app, ada, '48 hours');
  expect((await ada.pool()).left).toBeCloseTo(7, 2);
  expect(await wrongPools(app)).toEqual([]);
});

test('the limit of the configuration file is shown as locked and stays', async () => {
  const locked = await app.person('locked@example.org');
  const account = { email: locked.email };
  expect((await seenBy(admin, locked)).limit).toMatchObject({
    isLocked: true,
    policy: { max: '3' },
  });
  const { errors } = await admin.graphql(LIMIT, { account, limit: { max: 9 } });
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', reason: 'limit_locked' });
  expect((await locked.pool()).left).toBe(3);
  await admin.asks(GRANT, { account, amount: 1 });
  expect((await locked.pool()).left).toBe(4);
});

test('who has no pool, or an unlimited one, has no balance to change', async () => {
  const ada = await app.person();
  const account = { email: ada.email };
  for (const [max, reason] of [
    [0, 'no_pool'],
    [-2, 'pool_unlimited'],
  ]) {
    await admin.asks(LIMIT, { account, limit: { max } });
    for (const operation of [RESET, GRANT]) {
      const { errors } = await admin.graphql(operation, { account, amount: 1 });
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'INVALID', reason });
    }
  }
  expect(await ledgerOf((await seenBy(admin, ada)).id)).toEqual([]);
});

test('a project has a limit of its own as well, which its managers see', async () => {
  const created = 'mutation { createProject(name: "Weather robot") { id slug } }';
  const { createProject } = await admin.asks<{ createProject: { id: string } }>(created);
  const account = { id: createProject.id };
  expect(await admin.refusal(RESET, { account })).toBe('INVALID');
  await admin.asks(LIMIT, { account, limit: { max: 12, starting: 2 } });
  await admin.asks(GRANT, { account, amount: 3 });
  const query = `query ($id: ID!) { project(id: $id) { pool { left max } limit { isLocked } } }`;
  expect(await admin.asks(query, account)).toEqual({
    project: { pool: { left: '5', max: '12' }, limit: { isLocked: false } },
  });
});

const redis = redisUrl();

test.skipIf(!redis)('a grant and a limit are seen on every replica at once', async () => {
  const env = { REDIS_URL: redis ?? '' };
  const here = await testApp({ env });
  const there = await testApp({ env, model: here.model, databaseUrl: here.databaseUrl });
  const boss = await here.person('dev@example.com');
  const ada = await here.person();
  const script = (await ada.withKey()).at(there.url);
  expect(await script.pool()).toEqual({ left: 10, held: 0 });
  const events = ada
    .at(there.url)
    .subscribes<{ viewerEvents: { __typename: string } }>(
      'subscription { viewerEvents { __typename ... on PoolChanged { viewer { pool { left } } } } }',
    );
  // Others may come first, such as the health of a model.
  const isTold = (async () => {
    for await (const { viewerEvents } of events)
      if (viewerEvents.__typename === 'PoolChanged') return true;
    return false;
  })();
  const account = { email: ada.email };
  await expect
    .poll(
      async () => {
        await boss.asks(GRANT, { account, amount: 1 });
        return Promise.race([isTold, null]);
      },
      { timeout: 10_000 },
    )
    .toBe(true);
  expect(await script.pool()).toEqual(await ada.pool());
  await boss.asks(LIMIT, { account, limit: { max: 77 } });
  await expect
    .poll(() => script.asks('{ viewer { pool { max } } }'), { timeout: 5_000 })
    .toEqual({ viewer: { pool: { max: '77' } } });
});
