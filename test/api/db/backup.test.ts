// What docs/deployment.md says of backups, done as an operator does it: with PostgreSQL's own programs.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, onTestFinished, test } from 'vitest';
import { configFor, rowsOf, type TestApp, testApp } from '../../support/app.ts';
import { findPostgresProgram } from '../../support/programs.ts';
import { emptyDatabase } from '../../support/services.ts';
import { expectCleanBooks, wrongPools } from '../money/audit.ts';
import { HELLO, post } from '../v1/client.ts';

const run = promisify(execFile);

/** Null when this machine lacks those of the server's version: Lumen's own PostgreSQL comes without them. */
async function backupPrograms() {
  const [version] = await rowsOf<{ major: number }>(
    inject('services').postgresUrl,
    `select current_setting('server_version_num')::int / 10000 as major`,
  );
  const dump = findPostgresProgram('pg_dump', version?.major ?? 0);
  const restore = findPostgresProgram('pg_restore', version?.major ?? 0);
  return dump && restore ? { dump, restore } : null;
}

/** Some are held for by rows, and those of the rich in a lease. */
async function busyApp(): Promise<{ app: TestApp; keys: string[] }> {
  const app = await testApp({
    config: {
      users: { 'rich@example.org': { max: 1e6 } },
      groups: { default: { max: 500, refresh: 0, model_access: { default: 'allowed' } } },
    },
  });
  const people = await Promise.all([
    app.person('rich@example.org'),
    ...Array.from({ length: 3 }, () => app.person()),
  ]);
  return { app, keys: await Promise.all(people.map(async (who) => (await who.withKey()).key)) };
}

/** Calls with each key, again and again, until it is ended. */
class Load {
  answered = 0;
  readonly #callers: Promise<unknown>;
  #isOver = false;

  constructor(app: TestApp, keys: readonly string[]) {
    this.#callers = Promise.all(keys.map((key) => this.#call(app, key)));
  }

  async hasAnswered(more: number): Promise<void> {
    const enough = this.answered + more;
    await expect.poll(() => this.answered).toBeGreaterThan(enough);
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await this.#callers;
  }

  async #call(app: TestApp, key: string): Promise<void> {
    while (!this.#isOver) {
      const response = await post(app, { ...HELLO, stream: true, max_tokens: 5 }, { key });
      await response.text();
      if (response.ok) this.answered += 1;
    }
  }
}

test('R34c a backup taken under load restores whole: the books agree, and keys open only with their secret', async ({
  skip,
}) => {
  const programs = await backupPrograms();
  if (!programs) return skip('This machine has no pg_dump that can read this PostgreSQL.');
  const folder = await mkdtemp(join(tmpdir(), 'lumen-backup-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'lumen.dump');
  const { app, keys } = await busyApp();
  const ada = await app.person('ada@example.org');
  const { key } = await ada.withKey();
  const turn = await app.turn(ada);
  await turn.request.delivers('Half an ans');

  const load = new Load(app, keys);
  await load.hasAnswered(20);
  await run(programs.dump, ['--format=custom', `--file=${file}`, `--dbname=${app.databaseUrl}`]);
  await load.hasAnswered(20);
  await load.end();
  const url = await emptyDatabase();
  await run(programs.restore, ['--no-owner', '--exit-on-error', `--dbname=${url}`, file]);

  // Of one moment: what was held then is held by somebody, to the last coin.
  const held = await rowsOf(url, 'select from reservation union all select from pool_lease');
  expect(held.length).toBeGreaterThan(0);
  expect(await wrongPools({ rows: (statement) => rowsOf(url, statement) })).toEqual([]);

  // The process of then is found dead, when this much time has passed since the backup.
  await rowsOf(url, `update replica set heartbeat_at = heartbeat_at - interval '1 minute'`);
  const restored = await testApp({ databaseUrl: url, model: app.model });
  const rowsIn = (table: string) => () => restored.rows(`select * from ${table}`);
  await expect.poll(rowsIn('reservation')).toEqual([]);
  await expect.poll(rowsIn('pool_lease')).toEqual([]);
  const statusOf = async () =>
    (await ada.at(restored.url).conversation(turn.conversationId)).messages.at(-1)?.status;
  await expect.poll(statusOf).toBe('INTERRUPTED');
  expect((await post(restored, HELLO, { key })).status).toBe(200);
  await expectCleanBooks(restored);

  const { stdout: text } = await run(programs.restore, ['--file=-', file], { maxBuffer: 1e9 });
  const { app: secrets } = configFor(app.model) as { app: Record<string, string> };
  const cookie = ada.headers.cookie?.split(/[=.]/)[1] ?? '';
  for (const secret of [key, cookie, secrets.secret_key, secrets.encryption_key, 'upstream-secret'])
    expect(text.includes(secret ?? '')).toBe(false);

  const otherSecrets = {
    ...secrets,
    secret_key: 'another-session-secret-0123456789abcdef',
    encryption_key: 'another-api-key-secret-0123456789abcdef',
  };
  const stranger = await testApp({
    databaseUrl: url,
    model: app.model,
    config: { app: otherSecrets },
  });
  expect((await post(stranger, HELLO, { key })).status).toBe(401);
  expect(await ada.at(stranger.url).refusal('{ viewer { id } }')).toBe('UNAUTHENTICATED');
});
