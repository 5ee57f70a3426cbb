import pg from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startApp } from '../../support/app.ts';
import { hangsAfter } from '../../support/fake-model.ts';
import { freshDatabase } from '../../support/services.ts';

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

test('closing waits for a job that runs, and ends when the job has ended', async () => {
  const databaseUrl = await freshDatabase();
  const [blocker, watcher] = [await connect(databaseUrl), await connect(databaseUrl)];
  await blocker.query('begin; lock table session in access exclusive mode');
  const app = await startApp({ databaseUrl });
  const waitsForTheLock = async () => {
    const { rows } = await watcher.query(
      "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
    );
    expect(rows).toHaveLength(1);
  };
  await vi.waitFor(waitsForTheLock, { timeout: 10_000 });

  let isClosed = false;
  const closing = app.close().then(() => {
    isClosed = true;
  });
  await vi.waitFor(() => expect(fetch(`${app.url}/healthz`)).rejects.toThrow(), {
    timeout: 10_000,
  });
  await waitsForTheLock();
  expect(isClosed).toBe(false);
  await blocker.query('rollback');

  await closing;
  expect(app.log.filter(({ msg }) => /tried again/.test(String(msg)))).toEqual([]);
});

test('a stream of /v1 that closing cuts off is settled before the database goes', async () => {
  const app = await startApp({ patienceMs: 1 });
  const watcher = await connect(app.databaseUrl);
  const { headers } = await (await app.person()).withKey();
  app.model.answer(hangsAfter('Once upon a time'));
  const response = await fetch(`${app.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: '{"model":"fake","stream":true,"messages":[{"role":"user","content":"A story"}]}',
  });
  const heard = response.text();

  await app.close();

  const { rows } = await watcher.query('select outcome, cost > 0 as is_paid from request_log');
  expect(rows).toEqual([{ outcome: 'interrupted', is_paid: true }]);
  expect((await watcher.query('select from reservation')).rowCount).toBe(0);
  expect(await heard).toMatch(/Once upon a time[\s\S]*"code":"interrupted"/);
});
