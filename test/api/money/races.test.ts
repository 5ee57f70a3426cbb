import { expect, test } from 'vitest';
import { type TestApp, testApp } from '../../support/app.ts';
import { answers } from '../../support/fake-model.ts';
import { post } from '../v1/client.ts';
import { expectCleanBooks } from './audit.ts';

/** Prompts are free and five tokens cost one coin, so what is held is what is paid. There are ten coins. */
async function raceApp(first?: TestApp): Promise<TestApp> {
  const app = await testApp({
    ...(first ? { model: first.model, databaseUrl: first.databaseUrl } : {}),
    config: ({ url }) => ({
      models: [
        {
          name: 'fake',
          input_cost_per_million: 0,
          output_cost_per_million: 200_000,
          endpoints: [{ url, model: 'fake-1' }],
        },
      ],
    }),
  });
  const usage = { prompt_tokens: 3, completion_tokens: 5 };
  app.model.answer(answers({ texts: ['Hi'], usage }));
  return app;
}

/** Every other request is streamed. Gives the status, 200 only for an answer that came to its end. */
async function ask(app: TestApp, key: string, nth: number): Promise<number> {
  const stream = nth % 2 === 0;
  const messages = [{ role: 'user', content: `Question ${nth}` }];
  const response = await post(app, { model: 'fake', messages, max_tokens: 5, stream }, { key });
  const text = await response.text();
  if (response.status !== 200) expect(text).toContain('insufficient_quota');
  else expect(text).toContain(stream ? 'data: [DONE]' : '"content":"Hi"');
  return response.status;
}

const many = <T>(count: number, one: (nth: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, nth) => one(nth)));

async function expectTenPaid(app: TestApp, statuses: readonly number[]): Promise<void> {
  expect(statuses.filter((status) => status === 200)).toHaveLength(10);
  expect(statuses.filter((status) => status === 429)).toHaveLength(statuses.length - 10);
  expect(app.model.requests).toHaveLength(10);
  expect(await app.rows('select balance, held from pool')).toEqual([{ balance: 0n, held: 0n }]);
  const entries = await app.rows(
    'select kind, count(*), sum(amount)::bigint from ledger_entry group by 1 order by 1',
  );
  expect(entries).toEqual([
    { kind: 'opening', count: 1n, sum: 10_000_000n },
    { kind: 'settle', count: 10n, sum: -10_000_000n },
  ]);
  await expectCleanBooks(app);
}

test('R2 200 parallel requests on a pool that affords 10: ten pass, ten are sent, ten are paid', async () => {
  const app = await raceApp();
  const { key } = await (await app.person()).withKey();
  await expectTenPaid(app, await many(200, (nth) => ask(app, key, nth)));
});

test('R2 the same over two processes on one database', async () => {
  const first = await raceApp();
  const second = await raceApp(first);
  const { key } = await (await first.person()).withKey();
  const statuses = await many(200, (nth) => ask(nth % 4 < 2 ? first : second, key, nth));
  await expectTenPaid(first, statuses);
});

test('R12 the first 50 requests ever of a person open one pool, once', async () => {
  const app = await raceApp();
  const { key } = await (await app.person()).withKey();
  await expectTenPaid(app, await many(50, (nth) => ask(app, key, nth)));
});

test('R12 the same when they come through two processes', async () => {
  const first = await raceApp();
  const second = await raceApp(first);
  const { key } = await (await first.person()).withKey();
  await expectTenPaid(first, await many(50, (nth) => ask(nth % 2 ? first : second, key, nth)));
});

test('R2 many people at once are each held to their own pool', async () => {
  const app = await raceApp();
  const keys = await many(8, async () => (await (await app.person()).withKey()).key);
  const statuses = await many(8 * 15, (nth) => ask(app, keys[nth % 8] ?? '', nth));
  expect(statuses.filter((status) => status === 200)).toHaveLength(80);
  expect(app.model.requests).toHaveLength(80);
  const pools = await app.rows('select balance, held from pool');
  expect(pools).toEqual(Array(8).fill({ balance: 0n, held: 0n }));
  await expectCleanBooks(app);
});
