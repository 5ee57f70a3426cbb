import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { startApp, type TestApp, testApp } from '../../support/app.ts';
import { answers, waits } from '../../support/fake-model.ts';
import { errorOf, HELLO, post } from '../v1/client.ts';
import { expectCleanBooks } from './audit.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
  app.model.answer(
    answers({ texts: ['Hi'], usage: { prompt_tokens: 100, completion_tokens: 200 } }),
  );
});
afterAll(() => app.close());

const LIMIT = 'max spent held left renewsAt';
const SET = `mutation ($max: Decimal) { setMonthlyLimit(max: $max) { ${LIMIT} } }`;
const OWN = `{ viewer { monthlyLimit { ${LIMIT} } } }`;

interface Limit {
  readonly max: string;
  readonly spent: string;
  readonly held: string;
  readonly left: string;
  readonly renewsAt: string;
}
const sets = async (person: Person, max: string | null) =>
  (await person.asks<{ setMonthlyLimit: Limit | null }>(SET, { max })).setMonthlyLimit;
const own = async (person: Person) =>
  (await person.asks<{ viewer: { monthlyLimit: Limit | null } }>(OWN)).viewer.monthlyLimit;

/** Costs 0.5 coins, of which at most 2.1 are held. */
const REQUEST = { ...HELLO, max_tokens: 1000 };
const nextMonth = () => {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1)).toISOString();
};

test('nobody has a limit of their own until they set one, and what they set is what holds', async () => {
  const ada = await app.person();
  expect(await own(ada)).toBeNull();
  const limit = { max: '2.5', spent: '0', held: '0', left: '2.5', renewsAt: nextMonth() };
  expect(await sets(ada, '2.5')).toEqual(limit);
  expect(await own(ada)).toEqual(limit);
  expect(await sets(ada, null)).toBeNull();
  expect(await own(ada)).toBeNull();
});

test.each(['-1', 'much', '1e3', '0.0000001', '1000000000000000'])(
  'a limit can’t be %s',
  async (max) => {
    expect(await (await app.person()).refusal(SET, { max })).toBe('INVALID');
  },
);

test('a request over the limit is refused on /v1 by its own reason, with when the month ends', async () => {
  const ada = await app.person();
  await sets(ada, '0.6');
  const { key } = await ada.withKey();
  // The answer is cut down to what the limit affords.
  expect((await post(app, REQUEST, { key })).status).toBe(200);
  expect(app.model.requests.at(-1)?.body.max_tokens).toBeLessThan(300);
  expect(await own(ada)).toMatchObject({ spent: '0.5', held: '0', left: '0.1' });
  await sets(ada, '0.4');
  const refused = await post(app, REQUEST, { key });
  expect(refused.status).toBe(429);
  expect(await errorOf(refused)).toMatchObject({
    code: 'monthly_limit_reached',
    type: 'insufficient_quota',
    message: expect.stringMatching(/^Your own monthly limit is reached.*It begins anew at/),
  });
  expect((await ada.pool()).left).toBe(9.5);
  await sets(ada, null);
  expect((await post(app, REQUEST, { key })).status).toBe(200);
  await expectCleanBooks(app);
});

test('the chat refuses for it too, and says so in the failed answer’s place', async () => {
  const ada = await app.person();
  await sets(ada, '0');
  const { assistantMessage } = await ada.says('Hello');
  const { status, failure } = await ada.awaits(assistantMessage.id);
  expect({ status, code: failure?.code }).toEqual({ status: 'FAILED', code: 'BUDGET_SPENT' });
  expect(failure?.message).toContain('Your own monthly limit is reached');
});

test('what runs is held of the limit, so that no number of requests at once passes it', async () => {
  const mine = await testApp();
  const ada = await mine.person();
  await sets(ada, '0.5');
  const { key } = await ada.withKey();
  mine.model.answer(waits());
  const small = { ...HELLO, max_tokens: 100, stream: true };
  const asked = Array.from({ length: 12 }, () => post(mine, small, { key }));
  await expect.poll(async () => Number((await own(ada))?.held)).toBeGreaterThan(0.2);
  const { held, spent } = (await own(ada)) ?? { held: '', spent: '' };
  expect(Number(held) + Number(spent)).toBeLessThanOrEqual(0.5);
  mine.model.answer(answers({ texts: ['Hi'] }));
  for (const request of mine.model.requests) request.finishes();
  const statuses = await Promise.all(
    asked.map(async (answer) => (await answer).text().then(async () => (await answer).status)),
  );
  expect(new Set(statuses)).toEqual(new Set([200, 429]));
  expect(Number((await own(ada))?.spent)).toBeLessThanOrEqual(0.5);
  await expectCleanBooks(mine);
});

test('only what this month cost counts', async () => {
  const mine = await testApp();
  const ada = await mine.person();
  await sets(ada, '1');
  const spends = (at: string) =>
    mine.rows(
      `insert into usage_slice (account_id, at, model, source, api_key_id, requests, cost)
        select id, ${at}, 'fake', 'api', '00000000-0000-0000-0000-000000000000', 1, 900000
        from account where email = $1`,
      ada.email,
    );
  await spends("date_trunc('month', now(), 'UTC') - interval '15 minutes'");
  expect(await own(ada)).toMatchObject({ spent: '0', left: '1' });
  await spends("date_trunc('month', now(), 'UTC')");
  expect(await own(ada)).toMatchObject({ spent: '0.9', left: '0.1' });
});

test('a busy account with a limit of its own is let in by the database, and never out of a lease', async () => {
  const ada = await app.person();
  await sets(ada, '1.2');
  const { key } = await ada.withKey();
  const small = { ...HELLO, max_tokens: 10 };
  const statuses = await Promise.all(
    Array.from({ length: 60 }, async () => {
      const answer = await post(app, small, { key });
      await answer.text();
      return answer.status;
    }),
  );
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0);
  expect(await app.rows('select * from pool_lease')).toEqual([]);
});
