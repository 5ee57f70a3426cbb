import { expect, onTestFinished, test } from 'vitest';
import { type TestApp, testApp } from '../../support/app.ts';
import { waits } from '../../support/fake-model.ts';
import { billOf, sendsForm, startAudioApp, wav } from '../v1/audio.ts';
import { HELLO, post } from '../v1/client.ts';
import { expectCleanBooks, wrongPools } from './audit.ts';

/** A request whose process is taken for dead while it runs, and another process that finds it. */
async function orphaned(...says: string[]) {
  const app = await testApp();
  const ada = await app.person();
  const { key } = await ada.withKey();
  app.model.answer(waits());
  const answer = post(app, { ...HELLO, stream: true }, { key });
  const request = await app.model.received();
  for (const text of says) await request.delivers(text);
  const open = () =>
    app.rows<{ output_tokens: number }>('select output_tokens from reservation where amount > 0');
  // The heartbeat tells the database how far the answer has come.
  const tokens = says.join('').length / 4;
  await expect.poll(open, { timeout: 5_000 }).toEqual([{ output_tokens: tokens }]);
  const finder = await found(app);
  return { app, ada, answer, request, finder };
}

/** Lets the process be taken for dead, and gives the one that found what it had left. */
async function found(app: TestApp): Promise<TestApp> {
  await app.rows(`with dead as (
      insert into replica (id, heartbeat_at) values (gen_random_uuid(), now() - interval '1 minute') returning id)
    update reservation set replica_id = dead.id from dead`);
  const finder = await testApp({ model: app.model, databaseUrl: app.databaseUrl });
  await expect.poll(() => app.rows('select * from reservation')).toEqual([]);
  return finder;
}

test('R4 what a dead process left open is settled by another, for what it had produced', async () => {
  const { app, ada, finder } = await orphaned('x'.repeat(100), 'y'.repeat(100));
  const [row] = await app.rows<{ input_tokens: number }>('select * from request_log');
  expect(row).toMatchObject({ output_tokens: 50, outcome: 'interrupted', is_estimated: true });
  const cost = (row?.input_tokens ?? 0) * 0.001 + 50 * 0.002;
  const pool = await ada.pool();
  expect(pool.held).toBe(0);
  expect(pool.left).toBeCloseTo(10 - cost, 6);
  expect(finder.log).toContainEqual(
    expect.objectContaining({ msg: 'settled requests that were left open', requests: 1 }),
  );
  await expectCleanBooks(app);
});

/** Until the test ends no heartbeat comes through, as if the process were in its first second. */
const SILENT = [
  `create function fails() returns trigger language plpgsql as $$ begin raise 'no heartbeat'; end $$`,
  'create trigger silent before update on replica execute function fails()',
];

test('R5 an answer that has begun is not free, though its process dies before the next heartbeat', async () => {
  const app = await testApp();
  const { key } = await (await app.person()).withKey();
  for (const statement of SILENT) await app.rows(statement);
  app.model.answer(waits());
  post(app, { ...HELLO, stream: true }, { key }).catch(() => undefined);
  const request = await app.model.received();
  await request.delivers('x'.repeat(40));

  const open = () => app.rows('select output_tokens from reservation');
  await expect.poll(open, { timeout: 10_000 }).toEqual([{ output_tokens: 10 }]);
});

test('R4 what had produced nothing is released', async () => {
  const { app, ada } = await orphaned();
  expect(await ada.pool()).toEqual({ left: 10, held: 0 });
  const [row] = await app.rows('select * from request_log');
  expect(row).toMatchObject({ input_tokens: 0, cost: 0n, outcome: 'interrupted' });
  await expectCleanBooks(app);
});

test('R4 a recording that is paid for by the hour costs its length once it was sent', async () => {
  const app = await startAudioApp();
  onTestFinished(app.close);
  app.model.answer(waits());
  const file = new File([wav(1_000, 90)], 'talk.wav');
  sendsForm(app, { file, model: 'by-the-hour' }).catch(() => undefined);
  await app.model.received();
  const open = () => app.rows('select output_tokens, is_timed from reservation');
  await expect.poll(open, { timeout: 5_000 }).toEqual([{ output_tokens: 1, is_timed: true }]);
  await found(app);
  expect(await billOf(app)).toEqual({
    outcome: 'interrupted',
    input_tokens: 0,
    output_tokens: 0,
    audio_seconds: 90,
    is_estimated: true,
    cost: 90_000n,
  });
  await expectCleanBooks(app);
});

test('R3 a process that was only taken for dead does not bill its request a second time', async () => {
  const { app, ada, answer, request } = await orphaned('x'.repeat(40));
  const { left } = await ada.pool();
  request.finishes();
  await (await answer).text();
  expect(await ada.pool()).toEqual({ left, held: 0 });
  expect(await app.rows('select id from request_log')).toHaveLength(1);
  expect(await wrongPools(app)).toEqual([]);
});

test('R4 a reservation whose bill could not be written is found by its own process', async () => {
  const app = await testApp();
  const ada = await app.person();
  await (await post(app, HELLO, { key: (await ada.withKey()).key })).json();
  const before = await ada.pool();
  await app.rows(`with forgotten as (
      insert into reservation (request_id, account_id, replica_id, source, model, is_pooled, amount, input_price,
        output_price, input_tokens, opened_at)
      select gen_random_uuid(), account_id, (select id from replica), 'api', 'fake', true, 1000000, 0, 0, 1,
        now() - interval '1 minute' from pool returning account_id)
    update pool set held = held + 1000000 where account_id in (select account_id from forgotten)`);
  await expect.poll(() => ada.pool(), { timeout: 15_000 }).toEqual(before);
});
