import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import { emptyDatabase } from '../../support/services.ts';
import { RawSocket } from '../graphql/raw-socket.ts';

const ROOT = new URL('../../..', import.meta.url);

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command as an operator does, in a process of its own, beside the running server. */
async function lumen(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'server/lumen.ts', ...args], {
    cwd: ROOT,
    env: {
      ...process.env,
      CONFIG_YAML: app.configFile,
      DATABASE_URL: app.databaseUrl,
      REDIS_URL: '',
      ...env,
    },
  });
  const ended = new Promise<number>((resolve) =>
    child.once('close', (code) => resolve(code ?? -1)),
  );
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, out, err };
}

async function configFile(content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lumen-cli-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'config.yaml');
  await writeFile(file, content);
  return file;
}

test('R40 a person disabled by the command is shut out of the running server at once, and let in again', async () => {
  const ada = await app.person();
  const script = await ada.withKey();
  await script.asks('{ viewer { id } }');
  const { id, request } = await app.turn(ada);
  const socket = await RawSocket.connect(app.url, { headers: ada.headers });
  const run = lumen(['user', 'disable', ada.email.toUpperCase(), '--reason', 'Left', '--json']);
  expect(await socket.closed).toMatchObject({ code: 4403 });
  await request.closedByClient;
  expect(await script.refusal('{ viewer { id } }')).toBe('FORBIDDEN');
  const { code, out } = await run;
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ email: ada.email, isActive: false });
  await expect
    .poll(() => app.rows('select status from message where id = $1', id))
    .toEqual([{ status: 'failed' }]);
  const enabled = await lumen(['user', 'enable', ada.email]);
  expect(enabled).toMatchObject({ code: 0, out: `${ada.email} is enabled.\n` });
  await expect.poll(() => script.refusal('{ viewer { id } }')).toBeUndefined();
  const entries = await app.rows(
    `select action, reason, actor_id from audit_entry where subject_kind = 'account' order by id`,
  );
  expect(entries).toEqual([
    { action: 'account.disabled', reason: 'Left', actor_id: null },
    { action: 'account.enabled', reason: null, actor_id: null },
  ]);
});

test('who is not known can’t be disabled', async () => {
  const { code, out, err } = await lumen(['user', 'disable', 'nobody@example.org']);
  expect([code, out]).toEqual([1, '']);
  expect(err).toBe('No such account.\n');
});

test('a file that can be used passes, with its warnings', async () => {
  const good = await lumen(['check-config', app.configFile]);
  expect(good.code).toBe(0);
  expect(good.out).toContain('can be used.');
  const file = await configFile(
    'app: { debug: true, dev_user: a@example.org }\nodd: 1\nmodels: [{ name: m, input_cost_per_million: 1, output_cost_per_million: 1, endpoints: [{ url: "http://localhost:9/v1", api_key: k }] }]\n',
  );
  const odd = await lumen(['check-config', file, '--json']);
  expect(odd.code).toBe(0);
  const { ok, problems, warnings } = JSON.parse(odd.out);
  expect([ok, problems]).toEqual([true, []]);
  expect(warnings.join('\n')).toMatch(/odd is not a setting/);
});

test('a file that can’t be used fails with every problem and its place', async () => {
  const file = await configFile('app:\n  debug: perhaps\nmodels: 5\n');
  const json = await lumen(['check-config', file, '--json']);
  expect(json.code).toBe(1);
  const { ok, problems } = JSON.parse(json.out);
  expect(ok).toBe(false);
  expect(problems).toMatchObject([
    { line: 2, path: 'app.debug' },
    { line: 3, path: 'models' },
  ]);
  const words = await lumen(['check-config', join(file, '..', 'missing.yaml')]);
  expect(words.code).toBe(1);
  expect(words.out).toMatch(/problem: .*missing\.yaml: there is no such file/);
});

test('init-db makes an empty database ready, and does nothing the next time', async () => {
  const database = await emptyDatabase();
  const first = await lumen(['init-db', '--json'], { DATABASE_URL: database });
  expect(first.code).toBe(0);
  const { migrations } = JSON.parse(first.out);
  expect(migrations.length).toBeGreaterThan(1);
  const again = await lumen(['init-db'], { DATABASE_URL: database });
  expect(again).toMatchObject({ code: 0, out: 'The database is ready.\n' });
});

test('a database that is not there, or lets nobody in, is one line that says so', async () => {
  const nowhere = 'postgresql://ada:pass-7391@127.0.0.1:9/lumen';
  const { code, out, err } = await lumen(['init-db'], { DATABASE_URL: nowhere });
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(/^The database can't be used: .*ECONNREFUSED.*DATABASE_URL\.\n$/);
  expect(err).not.toContain('pass-7391');
});

test('a level that is none does not keep a command from its work', async () => {
  const { code, err } = await lumen(['init-db'], { LOG_LEVEL: 'loud' });
  expect(code).toBe(0);
  expect(err).toContain('which is no level');
});

test('the history of one model is given to another, and what both had is added up', async () => {
  const ada = await app.person();
  await ada.awaits((await ada.says('One')).assistantMessage.id);
  await ada.awaits((await ada.says('Two')).assistantMessage.id);
  const owned = 'account_id = (select id from account where email = $1)';
  const sums = () =>
    app.rows(
      `select model, sum(requests)::int as requests, sum(cost)::text as cost from usage_hour where ${owned} group by model`,
      ada.email,
    );
  const [before] = await sums();
  // The same hour, half under the name that the model had before.
  await app.rows(
    `insert into usage_hour select hour, account_id, 'old-name', source, 3, 4, 5, 6, last_at from usage_hour where ${owned}`,
    ada.email,
  );
  for (const table of ['conversation', 'message', 'request_log'])
    await app.rows(`update ${table} set model = 'old-name' where model = 'fake'`);
  const { code, out } = await lumen(['reassign-model', 'old-name', 'fake', '--json']);
  expect(code).toBe(0);
  const counts = JSON.parse(out);
  expect(counts).toMatchObject({ from: 'old-name', to: 'fake', reservations: 0 });
  expect(counts.messages).toBeGreaterThanOrEqual(2);
  expect(counts.requests).toBeGreaterThanOrEqual(2);
  expect(counts.usageHours).toBeGreaterThanOrEqual(1);
  const { requests, cost } = before as { requests: number; cost: string };
  expect(await sums()).toEqual([
    {
      model: 'fake',
      requests: requests + 3 * counts.usageHours,
      cost: String(BigInt(cost) + BigInt(6 * counts.usageHours)),
    },
  ]);
  for (const table of ['conversation', 'message', 'request_log', 'usage_hour'])
    expect(await app.rows(`select from ${table} where model = 'old-name'`)).toEqual([]);
  expect(
    await app.rows(`select subject from audit_entry where action = 'model.reassigned'`),
  ).toEqual([{ subject: 'old-name' }]);

  expect(await lumen(['reassign-model', 'old-name', 'fake'])).toMatchObject({
    code: 1,
    err: 'Nothing was ever done with a model "old-name".\n',
  });
  expect(await lumen(['reassign-model', 'fake', 'unheard-of'])).toMatchObject({ code: 1, out: '' });
});

test('every command says what it does', async () => {
  const { code, out } = await lumen(['--help']);
  expect(code).toBe(0);
  for (const name of ['check-config', 'create-key', 'init-db', 'migrate', 'reassign-model', 'user'])
    expect(out).toMatch(new RegExp(`^ {2}${name} .*[a-z]{3}`, 'm'));
  const disable = await lumen(['user', 'disable', '--help']);
  expect(disable.out).toMatch(/--reason/);
  expect(disable.out).toMatch(/--json/);
});
