import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { startApp, type TestApp, testApp } from '../../support/app.ts';
import { errorOf, HELLO, post } from '../v1/client.ts';
import { expectCleanBooks } from './audit.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({
    config: {
      groups: {
        default: { max: 100, refresh: 36, starting: 1, model_access: { default: 'allowed' } },
      },
    },
  });
});
afterAll(() => app.close());

/** Somebody new, whose pool exists and holds so many micro-coins. */
async function withCoins(micro: number): Promise<{ ada: Person; key: string }> {
  const ada = await app.person();
  const { key } = await ada.withKey();
  await post(app, { ...HELLO, max_tokens: 5 }, { key });
  await app.rows(
    `with p as (update pool set balance = $2, refilled_at = now() from account a
        where a.id = account_id and email = $1 returning account_id, (select balance from pool q
        where q.account_id = pool.account_id) as before)
      insert into ledger_entry (account_id, kind, amount) select account_id, 'reset', $2 - before from p`,
    ada.email,
    micro,
  );
  return { ada, key };
}

const lastBody = () => app.model.requests.at(-1)?.body ?? {};

test('an answer is cut to what the pool affords, and the model server is told so', async () => {
  const { key } = await withCoins(200_000);
  const response = await post(app, { ...HELLO, max_tokens: 900 }, { key });
  expect(response.status).toBe(200);
  const { max_tokens: sent } = lastBody();
  // The prompt takes about 0.03 of the 0.2 coins, and a token written costs 0.002.
  expect(sent).toBeGreaterThanOrEqual(80);
  expect(sent).toBeLessThanOrEqual(100);
});

test.each(['max_tokens', 'max_completion_tokens'])(
  'the limit goes under the name that the caller used: %s',
  async (name) => {
    const { key } = await withCoins(200_000);
    await post(app, { ...HELLO, [name]: 900 }, { key });
    const limits = Object.keys(lastBody()).filter((field) => field.startsWith('max_'));
    expect(limits).toEqual([name]);
    expect(lastBody()[name]).toBeLessThanOrEqual(100);
  },
);

test('an answer without any limit gets one, as what is paid for is bounded', async () => {
  const { key } = await withCoins(50_000_000);
  await post(app, HELLO, { key });
  expect(lastBody().max_tokens).toBe(1000);
});

test('a limit that is affordable goes as it came', async () => {
  const { key } = await withCoins(50_000_000);
  await post(app, { ...HELLO, max_completion_tokens: 7 }, { key });
  expect(lastBody()).toEqual({
    model: 'fake-1',
    messages: HELLO.messages,
    max_completion_tokens: 7,
  });
});

test('several choices share what the pool affords', async () => {
  const { key } = await withCoins(200_000);
  await post(app, { ...HELLO, max_tokens: 900, n: 4 }, { key });
  const { max_tokens: sent } = lastBody();
  expect(sent).toBeGreaterThanOrEqual(20);
  expect(sent).toBeLessThanOrEqual(25);
});

test('what does not even pay for a few words is refused, unsent, with the time of the refill', async () => {
  const { ada, key } = await withCoins(20_000);
  const sent = app.model.requests.length;
  for (const stream of [false, true]) {
    const before = Date.now();
    const response = await post(app, { ...HELLO, max_tokens: 900, stream }, { key });
    expect(response.status).toBe(429);
    expect(response.headers.get('x-should-retry')).toBe('false');
    const wait = Number(response.headers.get('retry-after'));
    const { message, ...error } = await errorOf(response);
    expect(error).toEqual({
      type: 'insufficient_quota',
      param: null,
      code: 'insufficient_quota',
    });
    const [at] = /\d{4}-\d\d-\d\dT[\d:.]+Z/.exec(message) ?? [];
    // 0.01 coins come back in a second; some 0.04 are missing.
    expect(Date.parse(at ?? '')).toBeGreaterThan(before + 1_000);
    expect(Date.parse(at ?? '')).toBeLessThan(before + 10_000);
    expect(before + wait * 1_000).toBeGreaterThan(Date.parse(at ?? '') - 1_000);
    expect(wait).toBeLessThanOrEqual(10);
  }
  expect(app.model.requests).toHaveLength(sent);
  expect((await ada.pool()).held).toBe(0);
});

test('at the moment that was promised, the same request passes', async () => {
  const { key } = await withCoins(30_000);
  const refused = await errorOf(await post(app, { ...HELLO, max_tokens: 16 }, { key }));
  const [at] = /\d{4}-\d\d-\d\dT[\d:.]+Z/.exec(refused.message) ?? [];
  // Instead of waiting until then, the pool's clock is set back by the time to wait.
  await app.rows(
    'update pool set refilled_at = refilled_at - ($1::timestamptz - clock_timestamp())',
    at,
  );
  expect((await post(app, { ...HELLO, max_tokens: 16 }, { key })).status).toBe(200);
});

test('a limit beyond all numbers is no way around the pool, and harms nobody else', async () => {
  const { ada, key } = await withCoins(200_000);
  const neighbour = await withCoins(50_000_000);
  const body = '{"model":"fake","messages":[{"role":"user","content":"Hi"}],"max_tokens":1e999}';
  const answers = await Promise.all([
    post(app, body, { key }),
    post(app, HELLO, { key: neighbour.key }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([400, 200]);
  expect((await ada.pool()).left).toBeGreaterThan(0);
});

test('after all that, the books agree', () => expectCleanBooks(app));

test('with clamp_output off a request passes whole or is refused until the whole is affordable', async () => {
  const strict = await testApp({
    config: {
      budgets: { clamp_output: false },
      groups: {
        default: { max: 10, refresh: 36, starting: 1, model_access: { default: 'allowed' } },
      },
    },
  });
  const { key } = await (await strict.person()).withKey();
  const before = Date.now();
  const response = await post(strict, { ...HELLO, max_tokens: 900 }, { key });
  expect(response.status).toBe(429);
  const [at] = /\d{4}-\d\d-\d\dT[\d:.]+Z/.exec((await errorOf(response)).message) ?? [];
  // 1.8 coins are wanted and 1 is there: the rest takes some 83 seconds.
  expect(Date.parse(at ?? '')).toBeGreaterThan(before + 80_000);
  expect(Date.parse(at ?? '')).toBeLessThan(before + 100_000);
  expect((await post(strict, { ...HELLO, max_tokens: 300 }, { key })).status).toBe(200);
});

test('no refill is promised where none comes', async () => {
  const dry = await testApp({
    config: {
      groups: { default: { max: 0.01, refresh: 0, model_access: { default: 'allowed' } } },
    },
  });
  const { key } = await (await dry.person()).withKey();
  const response = await post(dry, HELLO, { key });
  expect(response.status).toBe(429);
  expect((await errorOf(response)).message).not.toMatch(/\d{4}-/);
});
