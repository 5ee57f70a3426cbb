import { expect, test } from 'vitest';
import { type TestApp, testApp } from '../../support/app.ts';
import { freshDatabase, setInDatabase } from '../../support/services.ts';
import { silentWay } from '../../support/silent-way.ts';
import { errorOf, HELLO, post } from '../v1/client.ts';
import { expectCleanBooks } from './audit.ts';

const RICH = {
  groups: { default: { max: 10_000, refresh: 0, model_access: { default: 'allowed' } } },
};

const POOL = '{ viewer { pool { left } } }';
const SAY =
  'mutation { sendMessage(input: { model: "fake", content: "Hi" }) { assistantMessage { id } } }';

/** As a full disk or a standby does. */
const letOnlyRead = (app: TestApp, isOnlyRead: boolean): Promise<void> =>
  setInDatabase(app.databaseUrl, `default_transaction_read_only = ${isOnlyRead}`);

const ask = (app: TestApp, key: string, stream = false): Promise<Response> =>
  post(app, { ...HELLO, stream }, { key });

/** So many at once that most are let in without asking the database. */
const asksOften = (app: TestApp, key: string): Promise<Response[]> =>
  Promise.all(Array.from({ length: 24 }, () => ask(app, key)));

const settlingFailed = (app: TestApp) => () =>
  app.log.filter(({ msg }) => String(msg).startsWith('settling failed')).length;

test('R29 while the database may only be read, people read, nothing is sent to a model, and nothing is free', async () => {
  const app = await testApp({ config: RICH });
  const ada = await app.person();
  const { key } = await ada.withKey();
  const leases = () => asksOften(app, key).then(() => app.rows('select * from pool_lease'));
  await expect.poll(leases, { timeout: 10_000 }).toHaveLength(1);
  await app.rows(`update session set seen_at = now() - interval '1 hour'`);
  await letOnlyRead(app, true);
  const unpaid = asksOften(app, key);
  await expect.poll(settlingFailed(app), { timeout: 10_000 }).toBeGreaterThan(1);
  const sent = app.model.requests.length;
  for (const stream of [false, true]) {
    const refused = await ask(app, key, stream);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('2');
    expect(await errorOf(refused)).toMatchObject({ code: 'database_unavailable' });
  }
  expect((await ada.graphql(POOL)).errors).toBeUndefined();
  const { errors } = await ada.graphql(SAY);
  expect(errors?.[0]?.extensions).toMatchObject({ reason: 'database_unavailable' });
  expect(app.model.requests).toHaveLength(sent);

  await letOnlyRead(app, false);
  await unpaid;
  const paid = async () => (await app.rows('select id from request_log')).length;
  await expect.poll(paid, { timeout: 15_000 }).toBe(sent);
  await expect.poll(() => app.rows('select * from reservation'), { timeout: 15_000 }).toEqual([]);
  await expectCleanBooks(app);
}, 60_000);

test('R28 a database that falls silent is given up within seconds, and used again as soon as it speaks', async () => {
  const way = await silentWay(await freshDatabase());
  const app = await testApp({ databaseUrl: way.url });
  const ada = await app.person();
  const { key } = await ada.withKey();
  expect((await ask(app, key)).status).toBe(200);

  way.fallSilent();
  const started = performance.now();
  const [whole, streamed, read] = await Promise.all([
    ask(app, key),
    ask(app, key, true),
    ada.graphql(POOL),
  ]);
  expect(performance.now() - started).toBeLessThan(12_000);
  expect([whole.status, streamed.status, read.status]).toEqual([503, 503, 503]);

  way.speak();
  expect((await ask(app, key)).status).toBe(200);
  expect((await ada.graphql(POOL)).errors).toBeUndefined();
  expect(app.model.requests).toHaveLength(2);
}, 60_000);
