import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { expect, test } from 'vitest';
import { startApp } from '../../support/app.ts';

const defer = AsyncDisposableStack.prototype.defer;
const running = new Set<string>();
AsyncDisposableStack.prototype.defer = function (work) {
  const name = String(work).slice(0, 80);
  return defer.call(this, async () => { running.add(name); await work(); running.delete(name); });
};
test.for(Array.from({ length: 40 }, (_, i) => i))('round %i', async (i) => {
  const app = await startApp();
  await delay(i * 12);
  const closed = app.close().then(() => 'closed');
  const how = await Promise.race([closed, delay(4000, 'hangs')]);
  if (how === 'hangs') {
    const client = new pg.Client({ connectionString: app.databaseUrl });
    await client.connect();
    const { rows } = await client.query("select pid, state, wait_event_type, wait_event, left(query, 200) as query, now()-state_change as since from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
    console.log('ROUND', i, [...running], JSON.stringify(rows, null, 1), JSON.stringify(app.log.slice(-6)));
    await client.end();
  }
  expect(how).toBe('closed');
}, 30000);
