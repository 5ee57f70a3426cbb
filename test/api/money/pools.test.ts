import { expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';
import { answers } from '../../support/fake-model.ts';
import { errorOf, HELLO, post } from '../v1/client.ts';
import { expectCleanBooks, wrongPools } from './audit.ts';

const access = { model_access: { default: 'allowed' } };
const usage = { prompt_tokens: 100, completion_tokens: 50 };

test('a pool of the oldest form counts tokens, while the usage is still told in coins', async () => {
  const app = await testApp({
    config: { groups: { default: { default: { max: 2000, refresh: 0, starting: 2000 } } } },
  });
  app.model.answer(answers({ texts: ['Hi'], usage }));
  const ada = await app.person();
  const { key } = await ada.withKey();
  expect((await post(app, HELLO, { key })).status).toBe(200);
  expect(await ada.pool()).toEqual({ left: 1850, held: 0 });
  const seen = await ada.asks('{ viewer { pool { unit } usage { cost } } }');
  expect(seen).toEqual({ viewer: { pool: { unit: 'TOKENS' }, usage: { cost: '0.2' } } });
  expect(await wrongPools(app)).toEqual([]);
});

test('an unlimited pool pays for everything, keeps no ledger, and is still counted', async () => {
  const app = await testApp({ config: { groups: { default: { max: -2, ...access } } } });
  app.model.answer(answers({ texts: ['Hi'], usage }));
  const ada = await app.person();
  const { key } = await ada.withKey();
  for (let round = 0; round < 3; round += 1) await post(app, HELLO, { key });
  const seen = await ada.asks('{ viewer { pool { unlimited left } usage { requests cost } } }');
  expect(seen).toEqual({
    viewer: { pool: { unlimited: true, left: '0' }, usage: { requests: 3, cost: '0.6' } },
  });
  expect(await app.rows('select * from pool')).toEqual([]);
  expect(await app.rows('select * from reservation')).toEqual([]);
});

test('R1 a pool whose unit changes while a request runs begins anew, and no hold is lost', async () => {
  const app = await testApp();
  const ada = await app.person();
  const { key } = await ada.withKey();
  const { request } = await app.turn(ada);
  const [before] = await app.rows('select held from pool');
  const tokens = { unit: 'tokens', max: 9000, starting: 9000 };
  await app.saves({ groups: { default: { ...tokens, ...access } } });
  await expect
    .poll(() => ada.asks('{ viewer { pool { unit } } }'))
    .toEqual({ viewer: { pool: { unit: 'TOKENS' } } });
  app.model.answer(answers({ texts: ['Hi'], usage }));
  expect((await post(app, HELLO, { key })).status).toBe(200);
  const [after] = await app.rows('select unit, balance, held from pool');
  expect(after).toEqual({ unit: 'tokens', balance: 8_850_000_000n, held: before?.held });
  expect(await wrongPools(app)).toEqual([]);
  request.finishes();
  await expect.poll(() => app.rows('select held from pool')).toEqual([{ held: 0n }]);
  expect(await wrongPools(app)).toEqual([]);
});

test('who has no pool is told so, and no pool is opened', async () => {
  const app = await testApp({ config: { groups: { default: access } } });
  const ada = await app.person();
  const { key } = await ada.withKey();
  const response = await post(app, HELLO, { key });
  expect(response.status).toBe(403);
  expect(await errorOf(response)).toMatchObject({ type: 'permission_error', code: 'no_budget' });
  expect(await ada.asks('{ viewer { pool { left } } }')).toEqual({ viewer: { pool: null } });
  expect(await app.rows('select * from pool')).toEqual([]);
});

test("a person's own limit pays, and of several groups the best", async () => {
  const app = await testApp({
    config: {
      groups: { default: { max: 1, ...access }, staff: { max: 7 }, guests: { max: 3 } },
      users: {
        'ada@example.org': { groups: ['staff', 'guests'] },
        'bob@example.org': { groups: ['staff'], max: 2 },
      },
    },
  });
  const left = async (email: string) => (await (await app.person(email)).pool()).left;
  expect(await left('ada@example.org')).toBe(7);
  expect(await left('Bob@Example.org')).toBe(2);
  expect(await left('eve@example.org')).toBe(1);
});

test('R9 a pool refills by the clock of the database, up to max, and never above', async () => {
  const app = await testApp({
    config: { groups: { default: { max: 10, refresh: 2, starting: 1, ...access } } },
  });
  const ada = await app.person();
  const { key } = await ada.withKey();
  app.model.answer(answers({ texts: ['Hi'], usage: { prompt_tokens: 0, completion_tokens: 0 } }));
  const request = () => post(app, { ...HELLO, max_tokens: 16 }, { key });
  const passes = (interval: string) =>
    app.rows('update pool set refilled_at = refilled_at - $1::interval', interval);
  await request();
  await passes('90 minutes');
  expect((await ada.pool()).left).toBeCloseTo(4, 2);
  await request();
  expect((await ada.pool()).left).toBeCloseTo(4, 2);
  await passes('26 hours');
  await request();
  await request();
  expect((await ada.pool()).left).toBe(10);
  // A clock that is set back by a day.
  await app.rows("update pool set refilled_at = refilled_at + interval '1 day'");
  await request();
  expect((await ada.pool()).left).toBe(10);
  await expectCleanBooks(app);
});
