import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { startEmbedded } from '../../../server/db/embedded.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { answers } from '../../support/fake-model.ts';
import { post } from '../v1/client.ts';
import { expectCleanBooks, wrongPools } from './audit.ts';

const ROUNDS = 3;
const CALLERS_EACH = 6;

/** A PostgreSQL of its own, which may be hurt. */
async function privateDatabase(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lumen-crash-'));
  const postgres = await startEmbedded(join(folder, 'data'), pino({ level: 'silent' }));
  onTestFinished(async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return postgres.url;
}

/** Prompts are free and five tokens cost one coin. */
async function loadedApp(): Promise<TestApp> {
  const app = await testApp({
    databaseUrl: await privateDatabase(),
    config: ({ url }) => ({
      models: [
        {
          name: 'fake',
          input_cost_per_million: 0,
          output_cost_per_million: 200_000,
          endpoints: [{ url, model: 'fake-1' }],
        },
      ],
      users: { 'rich@example.org': { max: 1e6 } },
      groups: {
        default: { max: 500, refresh: 0, model_access: { default: 'allowed' } },
      },
    }),
  });
  app.model.answer(answers({ texts: ['Hi'], usage: { prompt_tokens: 3, completion_tokens: 5 } }));
  return app;
}

/** PostgreSQL takes a session that was killed for a crash: it ends all others, and recovers from its log. */
async function crash({ databaseUrl }: TestApp): Promise<void> {
  const witness = new pg.Client({ connectionString: databaseUrl });
  const ended = new Promise((resolve) => witness.once('end', resolve));
  witness.on('error', () => undefined);
  await witness.connect();
  const { rows } = await witness.query<{ pid: number }>(
    `select pid from pg_stat_activity where application_name = 'lumen' order by state = 'active' desc limit 1`,
  );
  if (!rows[0]) throw new Error('Lumen has no session');
  process.kill(rows[0].pid, 'SIGKILL');
  await ended;
}

/** Their requests are held for by rows: a slice of so small a pool is not worth having. */
const keysOfPoor = (app: TestApp): Promise<string[]> =>
  Promise.all(
    Array.from({ length: CALLERS_EACH }, async () => (await (await app.person()).withKey()).key),
  );

/** Theirs are held for in a lease. */
async function keysOfRich(app: TestApp): Promise<string[]> {
  const { key } = await (await app.person('rich@example.org')).withKey();
  return Array(CALLERS_EACH).fill(key);
}

/** R1, as soon as the database answers again. */
const poolsAgain = (app: TestApp) => expect.poll(() => wrongPools(app), { timeout: 20_000 });

class Load {
  /** Ids of requests whose whole answer was read. */
  readonly answered: string[] = [];
  /** Statuses other than those of an answer and of a database that is away. */
  readonly faults: number[] = [];
  readonly #app: TestApp;
  readonly #callers: Promise<unknown>;
  #isOver = false;

  constructor(app: TestApp, keys: readonly string[]) {
    this.#app = app;
    this.#callers = Promise.all(keys.map((key, nth) => this.#call(key, nth % 2 === 0)));
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await this.#callers;
  }

  async #call(key: string, stream: boolean): Promise<void> {
    const messages = [{ role: 'user', content: 'Hello' }];
    while (!this.#isOver) {
      const body = { model: 'fake', messages, max_tokens: 5, stream };
      const response = await post(this.#app, body, { key });
      const text = await response.text();
      if (response.status === 200 && (!stream || text.includes('[DONE]')))
        this.answered.push(response.headers.get('x-request-id') ?? '');
      if (![200, 503].includes(response.status)) this.faults.push(response.status);
    }
  }
}

test('R27 PostgreSQL crashes under load: nothing is billed twice, no whole answer is free, and callers are told to come again', async () => {
  const app = await loadedApp();
  const load = new Load(app, [...(await keysOfPoor(app)), ...(await keysOfRich(app))]);
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = load.answered.length;
    await expect.poll(() => load.answered.length, { timeout: 20_000 }).toBeGreaterThan(before + 25);
    await crash(app);
    await poolsAgain(app).toEqual([]);
  }
  const before = load.answered.length;
  await expect.poll(() => load.answered.length, { timeout: 20_000 }).toBeGreaterThan(before + 25);
  await load.end();
  expect(load.faults).toEqual([]);
  // What was held for requests whose letting in was not heard of is found by the clock; here it comes sooner.
  await app.rows(`update reservation set opened_at = opened_at - interval '1 minute'`);
  await expect.poll(() => app.rows('select * from reservation'), { timeout: 20_000 }).toEqual([]);
  await expect.poll(() => app.rows('select * from pool_lease'), { timeout: 10_000 }).toEqual([]);
  await expectCleanBooks(app);
  const billed = await app.rows<{ id: string }>(
    `select id from request_log where outcome = 'finished'`,
  );
  const ids = new Set(billed.map(({ id }) => id));
  expect(load.answered.filter((id) => !ids.has(id))).toEqual([]);
}, 120_000);
