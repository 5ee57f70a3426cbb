import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { type TestApp, testApp } from '../../support/app.ts';
import { waits } from '../../support/fake-model.ts';
import { runSql, setInDatabase } from '../../support/services.ts';
import { expectCleanBooks } from '../money/audit.ts';

const SAY =
  'mutation { sendMessage(input: { model: "fake", content: "Hi" }) { assistantMessage { id } } }';

/** Has the body run in the place of what PostgreSQL does to bring what it wrote to the disk. */
async function flushIs(app: TestApp, body: string): Promise<void> {
  await runSql(
    app.databaseUrl,
    'create schema trap',
    `create function trap.pg_logical_emit_message(boolean, text, text) returns void language plpgsql
      as $$ begin ${body} end $$`,
  );
  await setInDatabase(app.databaseUrl, 'search_path = trap, pg_catalog, public');
  // By then it has heard that its connections are gone.
  await expect.poll(async () => (await fetch(`${app.url}/readyz`)).status).toBe(200);
}

/** Has flushes wait until what this gives is called. */
async function heldFlush(app: TestApp): Promise<() => Promise<unknown>> {
  const client = new pg.Client({ connectionString: app.databaseUrl });
  await flushIs(app, 'perform pg_advisory_xact_lock(1);');
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('select pg_advisory_lock(1)');
  return () => client.query('select pg_advisory_unlock(1)');
}

test('a model is asked while the turn is brought to the disk, and who asked is told of it afterwards', async () => {
  const app = await testApp();
  const ada = await app.person();
  const release = await heldFlush(app);
  app.model.answer(waits());
  let isTold = false;
  const said = ada.says('Hi').finally(() => {
    isTold = true;
  });
  await app.model.received(1);
  expect(isTold).toBe(false);

  await release();
  const { assistantMessage } = await said;
  expect(await app.rows('select status from message where id = $1', assistantMessage.id)).toEqual([
    { status: 'streaming' },
  ]);
});

test('a turn that a loss of power may undo is refused, goes on no longer, and holds no coins', async () => {
  const app = await testApp();
  const ada = await app.person();
  await flushIs(app, `raise exception 'the disk is broken' using errcode = 'io_error';`);
  app.model.answer(waits());

  const { errors } = await ada.graphql(SAY);
  expect(errors?.[0]?.extensions).toMatchObject({ reason: 'database_unavailable' });
  const answers = () =>
    app.rows(`select status, coalesce(cost, 0) as cost from message where role = 'assistant'`);
  await expect.poll(answers).toEqual([{ status: 'interrupted', cost: 0n }]);
  await expectCleanBooks(app);
});
