import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { testApp } from '../../support/app.ts';
import { startFakeModel } from '../../support/fake-model.ts';
import { freshDatabase, redisUrl } from '../../support/services.ts';

const STATUS = `{ status {
  version commit node startedAt memoryBytes openRequests
  replicas { id startedAt heartbeatAt isAlive isThis }
  database { version pingMs sizeBytes migrations lastMigration connectionsInUse connectionsIdle connectionsMax waiting }
  redis { isConnected pingMs }
  jobs { name everySeconds startedAt endedAt durationMs outcome nextAt }
} }`;

interface Status {
  readonly startedAt: string;
  readonly openRequests: number;
  readonly replicas: readonly { id: string; isAlive: boolean; isThis: boolean }[];
  readonly redis: { readonly isConnected: boolean; readonly pingMs: number } | null;
  readonly jobs: readonly {
    name: string;
    everySeconds: number;
    endedAt: string | null;
    outcome: string | null;
    nextAt: string;
  }[];
}

const statusOf = async (admin: Person): Promise<Status> =>
  (await admin.asks<{ status: Status }>(STATUS)).status;

test('administrators see how the process, the database and the jobs do', async () => {
  const app = await testApp();
  const admin = await app.person('dev@example.com');
  const before = Date.now();
  const status = await statusOf(admin);
  expect(status).toMatchObject({
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    node: process.version,
    openRequests: 0,
    replicas: [{ isAlive: true, isThis: true }],
    database: {
      version: expect.stringMatching(/^\d+/),
      migrations: (await app.rows('select * from migration')).length,
      lastMigration: expect.stringMatching(/^Migration\d{14}$/),
      connectionsMax: 15,
    },
    redis: null,
  });
  expect(new Date(status.startedAt).getTime()).toBeLessThan(before);
  await app.turn(admin);
  expect((await statusOf(admin)).openRequests).toBe(1);
});

test('a job is told with how it went, and when it comes next', async () => {
  const app = await testApp();
  const admin = await app.person('dev@example.com');
  const jobs = async () => (await statusOf(admin)).jobs;
  await expect
    .poll(async () => (await jobs()).filter(({ outcome }) => outcome === 'DONE').length, {
      timeout: 10_000,
    })
    .toBeGreaterThanOrEqual(5);
  const reaping = (await jobs()).find(({ name }) => name === 'reaping');
  expect(reaping).toMatchObject({ everySeconds: 10, outcome: 'DONE' });
  expect(new Date(reaping?.nextAt ?? 0).getTime()).toBeGreaterThan(Date.now());

  await app.rows('alter table reservation rename to reservation_away');
  const outcomes = async () =>
    (await jobs()).filter(({ name }) => name === 'reaping').map(({ outcome }) => outcome);
  await expect.poll(outcomes, { timeout: 20_000, interval: 500 }).toEqual(['FAILED']);
});

test('all replicas tell the same of a job, and a new one knows what was before it', async () => {
  const one = await testApp();
  await one.rows(
    `insert into job_run values ('an hourly one', 3600, gen_random_uuid(), now(), now(), 12, 'DONE'),
      ('given up', 60, gen_random_uuid(), now() - interval '31 days', null, null, null)`,
  );
  const two = await testApp({ databaseUrl: one.databaseUrl, model: one.model });
  const admin = await one.person('dev@example.com');
  const hourly = async (url: string) =>
    (await statusOf(admin.at(url))).jobs.filter(({ everySeconds }) => everySeconds > 60);
  await expect
    .poll(async () => isDeepStrictEqual(await hourly(one.url), await hourly(two.url)), {
      timeout: 10_000,
    })
    .toBe(true);
  const names = async () => (await hourly(two.url)).map(({ name }) => name);
  expect(await names()).toContain('an hourly one');
  const all = async () => (await statusOf(admin.at(two.url))).jobs.map(({ name }) => name);
  await expect.poll(all, { timeout: 10_000 }).not.toContain('given up');
});

test('a process that stopped beating is shown as silent', async () => {
  const app = await testApp();
  const admin = await app.person('dev@example.com');
  await app.rows(
    "insert into replica values (gen_random_uuid(), now() - interval '1 hour', now() - interval '40 s')",
  );
  const { replicas } = await statusOf(admin);
  expect(replicas).toMatchObject([
    { isAlive: false, isThis: false },
    { isAlive: true, isThis: true },
  ]);
});

test.skipIf(!redisUrl())('replicas see each other, and Redis', async () => {
  const model = await startFakeModel();
  const both = { model, databaseUrl: await freshDatabase(), env: { REDIS_URL: redisUrl() ?? '' } };
  const one = await testApp(both);
  const two = await testApp(both);
  const admin = await one.person('dev@example.com');
  const [here, there] = [await statusOf(admin), await statusOf(admin.at(two.url))];
  expect(here.replicas.map(({ isThis }) => isThis)).toEqual([true, false]);
  expect(there.replicas.map(({ isThis }) => isThis)).toEqual([false, true]);
  expect(here.redis).toEqual({ isConnected: true, pingMs: expect.any(Number) });
});

test('nobody else sees it', async () => {
  const app = await testApp();
  expect(await (await app.person()).refusal(STATUS)).toBe('FORBIDDEN');
});
