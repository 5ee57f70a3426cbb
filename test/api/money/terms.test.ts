import { expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { startApp, type TestApp, testApp } from '../../support/app.ts';
import { answers } from '../../support/fake-model.ts';
import { ages, LIMIT, RESET } from '../admin/budget-operations.ts';
import { ADD, CREATE, UPDATE } from '../group/operations.ts';
import { HELLO, post } from '../v1/client.ts';
import { expectCleanBooks, wrongPools } from './audit.ts';

const PATIENCE = { timeout: 10_000 };

const pays = (refresh: number, max = 1_000) => ({
  groups: {
    default: { max, refresh, starting: 1, model_access: { default: 'allowed' } },
    staff: { max: 10_000, refresh: 0 },
  },
});

/** Somebody with a pool of one coin; answers cost nothing. */
async function opened(app: TestApp): Promise<Person & { uses(): Promise<unknown> }> {
  app.model.answer(answers({ texts: ['Hi'], usage: { prompt_tokens: 0, completion_tokens: 0 } }));
  const ada = await app.person();
  const { key } = await ada.withKey();
  const uses = async () => (await post(app, { ...HELLO, max_tokens: 16 }, { key })).json();
  await uses();
  return Object.assign(ada, { uses });
}

const termsOf =
  (app: TestApp, { email }: Person) =>
  () =>
    app.rows(
      `select (refill_max / 1000000)::int as max, (refill_per_hour / 1000000)::int as refresh
     from pool join account a on a.id = account_id where email = $1`,
      email,
    );

async function saves(app: TestApp, ada: Person, refresh: number, max = 1_000): Promise<void> {
  await app.saves(pays(refresh, max));
  await expect.poll(termsOf(app, ada), PATIENCE).toEqual([{ max, refresh }]);
}

test('R9 a rate that changes in the file pays for no time before it, and loses none that was due', async () => {
  const app = await testApp({ config: pays(0) });
  const ada = await opened(app);
  await ages(app, ada, '48 hours');
  await saves(app, ada, 60);
  expect((await ada.pool()).left).toBeCloseTo(1, 1);
  await ada.uses();
  expect((await ada.pool()).left).toBeCloseTo(1, 1);
  await ages(app, ada, '90 minutes');
  await saves(app, ada, 2);
  expect((await ada.pool()).left).toBeCloseTo(91, 1);
  await ages(app, ada, '30 minutes');
  await saves(app, ada, 0);
  await ages(app, ada, '48 hours');
  await ada.uses();
  expect((await ada.pool()).left).toBeCloseTo(92, 1);
  await expectCleanBooks(app);
});

test('R9 a smaller max is no limit for the time before it, and takes nothing away', async () => {
  const app = await testApp({ config: pays(60) });
  const ada = await opened(app);
  await ages(app, ada, '2 hours');
  await saves(app, ada, 60, 50);
  expect((await ada.pool()).left).toBeCloseTo(121, 1);
  await ages(app, ada, '2 hours');
  await ada.uses();
  expect((await ada.pool()).left).toBeCloseTo(121, 1);
  expect(await wrongPools(app)).toEqual([]);
});

test('R9 time in which nothing is limited refills nothing', async () => {
  const app = await testApp({ config: pays(60) });
  const ada = await opened(app);
  await app.saves(pays(60, -2));
  await expect.poll(termsOf(app, ada), PATIENCE).toEqual([{ max: 0, refresh: 0 }]);
  await ages(app, ada, '48 hours');
  await ada.uses();
  await saves(app, ada, 60);
  expect((await ada.pool()).left).toBeCloseTo(1, 1);
  expect(await wrongPools(app)).toEqual([]);
});

test('R9 what changed while nothing ran is in force from the next start on', async () => {
  const before = await startApp({ config: pays(60) });
  const ada = await opened(before);
  await before.close();
  const { databaseUrl } = before;
  const after = await testApp({ config: pays(1), databaseUrl });
  await expect.poll(termsOf(after, ada)).toEqual([{ max: 1_000, refresh: 1 }]);
  await ages(after, ada, '3 hours');
  const again = (await after.person(ada.email)) as Person;
  expect((await again.pool()).left).toBeCloseTo(4, 1);
});

test('R9 groups and limits change the rate from their moment on', async () => {
  const app = await testApp({ config: pays(0) });
  const admin = await app.person('dev@example.com');
  const ada = await opened(app);
  const account = { email: ada.email };
  const isIn = (terms: { max: number; refresh: number }) =>
    expect.poll(termsOf(app, ada), PATIENCE).toEqual([terms]);

  const course = (refreshPerHour: number) => ({
    input: { name: 'course', pool: { max: 2_000, refreshPerHour } },
  });
  await admin.asks(CREATE, course(60));
  await ages(app, ada, '48 hours');
  await admin.asks(ADD, { group: 'course', ...account });
  await isIn({ max: 2_000, refresh: 60 });
  await ages(app, ada, '1 hour');
  await admin.asks(UPDATE, course(2));
  await isIn({ max: 2_000, refresh: 2 });
  await ages(app, ada, '1 hour');
  await admin.asks(ADD, { group: 'staff', ...account });
  await isIn({ max: 10_000, refresh: 0 });
  await ages(app, ada, '48 hours');
  expect((await ada.pool()).left).toBeCloseTo(63, 1);
  await admin.asks(LIMIT, { account, limit: { max: 500, refreshPerHour: 10, starting: 0 } });
  await isIn({ max: 500, refresh: 10 });
  await admin.asks(RESET, { account });
  await ages(app, ada, '1 hour');
  expect((await ada.pool()).left).toBeCloseTo(10, 1);
  await admin.asks(LIMIT, { account });
  await isIn({ max: 10_000, refresh: 0 });
  expect(await wrongPools(app)).toEqual([]);
});

test('a pool of an older Lumen, which remembers no terms, is paid by those in force', async () => {
  const app = await testApp({ config: pays(60) });
  const ada = await opened(app);
  await app.rows('update pool set refill_max = null, refill_per_hour = null');
  await ages(app, ada, '1 hour');
  expect((await ada.pool()).left).toBeCloseTo(61, 1);
  await saves(app, ada, 5);
  await ada.uses();
  await expectCleanBooks(app);
});
