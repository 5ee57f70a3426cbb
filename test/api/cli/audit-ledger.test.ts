import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { type TestApp, testApp } from '../../support/app.ts';
import { answers } from '../../support/fake-model.ts';
import { HELLO, post } from '../v1/client.ts';

const ROOT = new URL('../../..', import.meta.url);

/** Runs the command as an operator does, beside the running server. */
async function audit(app: TestApp, ...args: string[]) {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'server/lumen.ts', 'audit-ledger', ...args],
    {
      cwd: ROOT,
      env: {
        ...process.env,
        CONFIG_YAML: app.configFile,
        DATABASE_URL: app.databaseUrl,
        REDIS_URL: '',
      },
    },
  );
  const ended = new Promise((resolve) => child.once('close', resolve));
  const [out, code] = await Promise.all([text(child.stdout), ended]);
  return { code, out };
}

/** An answer costs 0.2 coins, or 150 tokens. */
async function usedApp(pool: object) {
  const access = { model_access: { default: 'allowed' } };
  const app = await testApp({ config: { groups: { default: { ...pool, ...access } } } });
  app.model.answer(
    answers({ texts: ['Hi'], usage: { prompt_tokens: 100, completion_tokens: 50 } }),
  );
  const ada = await app.person('ada@example.org');
  const { key } = await ada.withKey();
  for (let round = 0; round < 3; round += 1) await (await post(app, HELLO, { key })).text();
  return app;
}

test('R1 R3 a ledger that explains everything passes, of coins and of tokens', async () => {
  const ofCoins = await usedApp({ max: 10 });
  expect(await audit(ofCoins)).toEqual({
    code: 0,
    out: '1 pool, 4 entries in the ledger. All of it agrees.\n',
  });
  const ofTokens = await usedApp({ max: 5000, unit: 'tokens' });
  const { code, out } = await audit(ofTokens, '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({
    ok: true,
    pools: 1,
    entries: 4,
    mismatches: [],
    settlements: [],
  });
}, 60_000);

test('R1 R3 a balance, a hold and a settlement that nothing explains are named, and fail', async () => {
  const app = await usedApp({ max: 10 });
  await app.rows('update pool set balance = balance + 1500000, held = 1');
  await app.rows(
    'update request_log set cost = 5 where id = (select min(id::text)::uuid from request_log)',
  );
  await app.rows(
    'delete from request_log where id = (select max(id::text)::uuid from request_log)',
  );
  const { code, out } = await audit(app);
  expect(code).toBe(1);
  expect(out).toContain('ada@example.org: balance 10.9, entries 9.4; held 0.000001, reserved 0\n');
  expect(out).toMatch(/ada@example\.org: paid 0\.2 for request [\w-]{36}, which cost 0\.000005\n/);
  expect(out).toMatch(
    /ada@example\.org: paid 0\.2 for request [\w-]{36}, which is not in the log\n/,
  );
  expect(out).toContain('1 pool and 2 settlements do not agree.');
  const json = JSON.parse((await audit(app, '--json')).out);
  expect(json).toMatchObject({
    ok: false,
    mismatches: [{ account: { name: 'ada@example.org' }, balance: '10.9', entered: '9.4' }],
    settlements: [{ charge: '0.2' }, { charge: '0.2' }],
  });
}, 60_000);
