import { afterAll, expect, test } from 'vitest';
import { Person as Visitor } from '../../support/actors.ts';
import { startApp } from '../../support/app.ts';
import { answers } from '../../support/fake-model.ts';
import { expectCleanBooks, wrongPools } from '../money/audit.ts';
import { HELLO, post } from '../v1/client.ts';
import { ages, GRANT, LIMIT, RESET, SEEN, seenBy, trailOf } from './budget-operations.ts';

// An answer costs 0.2 coins.
const app = await startApp({
  config: {
    groups: {
      default: { max: 10, refresh: 1, starting: 4, model_access: { default: 'allowed' } },
    },
  },
});
app.model.answer(answers({ texts: ['Hi'], usage: { prompt_tokens: 100, completion_tokens: 50 } }));
afterAll(app.close);
const admin = await app.person('dev@example.com');

const ledgerOf = (id: string) =>
  app.rows('select kind, amount from ledger_entry where account_id = $1 order by id', id);

test('a reset brings the balance back to the start, and says so in the ledger and in the trail', async () => {
  const ada = await app.person();
  const { key } = await ada.withKey();
  await post(app, HELLO, { key });
  const account = { email: ada.email.toUpperCase() };
  const { resetPool } = await admin.asks<{ resetPool: object }>(RESET, { account });
  expect(resetPool).toMatchObject({ left: expect.stringMatching(/^4(\.0000\d+)?$/), max: '10' });
  const { id } = await seenBy(admin, ada);
  expect(await ledgerOf(id)).toEqual([
    { kind: 'opening', amount: 4_000_000n },
    { kind: 'settle', amount: -200_000n },
    { kind: 'reset', amount: 200_000n },
  ]);
  expect(await trailOf(app, id)).toEqual([
    {
      action: 'pool.reset',
      before: { unit: 'coins', balance: '3.8' },
      after: { unit: 'coins', balance: '4' },
      reason: 'A new term',
    },
  ]);
});

test('a reset begins the refill anew: what was due before is not paid on top', async () => {
  const ada = await app.person();
  await admin.asks(RESET, { account: { email: ada.email } });
  await ages(app, ada, '2 hours');
  await admin.asks(RESET, { account: { email: ada.email } });
  expect((await ada.pool()).left).toBeCloseTo(4, 2);
  expect(await wrongPools(app)).toEqual([]);
});

test('a grant adds exactly its amount, also above the size, and stays when the pool refills', async () => {
  const ada = await app.person();
  const account = { email: ada.email };
  const { grantCoins } = await admin.asks<{ grantCoins: object }>(GRANT, {
    account,
    amount: '20.000001',
  });
  expect(grantCoins).toMatchObject({ left: '24.000001', max: '10' });
  await ages(app, ada, '5 hours');
  const { key } = await ada.withKey();
  await post(app, HELLO, { key });
  expect((await ada.pool()).left).toBeCloseTo(23.800001, 6);
  const { id } = await seenBy(admin, ada);
  expect(await trailOf(app, id)).toEqual([
    {
      action: 'pool.granted',
      before: { unit: 'coins', balance: '4' },
      after: { unit: 'coins', balance: '24.000001' },
      reason: 'For the workshop',
    },
  ]);
  expect(await wrongPools(app)).toEqual([]);
});

test('a negative grant takes what can be spent and no more: not what running requests hold', async () => {
  const ada = await app.person();
  const account = { email: ada.email };
  const { request } = await app.turn(ada);
  const { left, held } = await ada.pool();
  expect(held).toBeGreaterThan(0);
  const tooMuch = { account, amount: `-${(left + 0.5).toFixed(6)}` };
  expect(await admin.refusal(GRANT, tooMuch)).toBe('CONFLICT');
  await admin.asks(GRANT, { account, amount: '-1.5' });
  expect((await ada.pool()).left).toBeCloseTo(left - 1.5, 2);
  request.finishes();
});

test('amounts, reasons and accounts that can not be are refused, and nothing is written', async () => {
  const ada = await app.person();
  const account = { email: ada.email };
  for (const amount of ['0', 'NaN', '1e3', '0.0000001', '', 'lots', '9999999999999', true, {}])
    expect(await admin.refusal(GRANT, { account, amount }), String(amount)).toMatch(/INVALID/);
  expect(await admin.refusal(GRANT, { account, amount: '999999999900' })).toBeUndefined();
  expect(await admin.refusal(GRANT, { account, amount: '999999999999' })).toBe('INVALID');
  for (const operation of [RESET, GRANT, LIMIT]) {
    const more = { amount: 1, limit: { max: 1 } };
    for (const [reason, code] of [
      ['', 'INVALID'],
      [' \n ', 'INVALID'],
      ['nul \0 byte', 'INVALID'],
      ['x'.repeat(1_001), 'TOO_LARGE'],
    ])
      expect(await admin.refusal(operation, { account, reason, ...more })).toBe(code);
    const unknown = { email: 'nobody@example.org' };
    expect(await admin.refusal(operation, { account: unknown, ...more })).toBe('NOT_FOUND');
    expect(await admin.refusal(operation, { account: { id: 'x' }, ...more })).toBe('NOT_FOUND');
  }
  for (const limit of [{ max: -1 }, { max: 1, refreshPerHour: -1 }, { max: 1e13 }])
    expect(await admin.refusal(LIMIT, { account, limit })).toBe('INVALID');
  expect(await trailOf(app, (await seenBy(admin, ada)).id)).toHaveLength(1);
});

test('nobody but administrators changes or sees what others have', async () => {
  const [ada, eve] = [await app.person(), await app.person()];
  const account = { email: ada.email };
  const visitor = new Visitor(app.url, '', {});
  for (const [operation, more] of [
    [RESET, {}],
    [GRANT, { amount: 5 }],
    [LIMIT, { limit: { max: 5 } }],
    [SEEN, { search: 'a' }],
  ] as const) {
    expect(await eve.refusal(operation, { account, ...more })).toBe('FORBIDDEN');
    expect(await eve.refusal(operation, { account: { email: eve.email }, ...more })).toBe(
      'FORBIDDEN',
    );
    expect(await visitor.refusal(operation, { account, ...more })).toBe('UNAUTHENTICATED');
  }
  expect(await ada.pool()).toEqual({ left: 4, held: 0 });
});

test('R15 grants and resets while requests run lose no update, in whichever order', async () => {
  const ada = await app.person();
  const { key } = await ada.withKey();
  const account = { email: ada.email };
  await admin.asks(GRANT, { account, amount: 500 });
  const statuses = await Promise.all(
    Array.from({ length: 120 }, async (_, nth) => {
      if (nth % 10 === 0) await admin.asks(GRANT, { account, amount: 1 });
      if (nth === 60) await admin.asks(RESET, { account });
      const response = await post(app, HELLO, { key });
      await response.text();
      return response.status;
    }),
  );
  const answered = statuses.filter((status) => status === 200).length;
  const { id } = await seenBy(admin, ada);
  const sums = await app.rows(
    `select kind, count(*)::int, sum(amount)::int as sum from ledger_entry
      where account_id = $1 and kind in ('grant', 'settle') group by 1 order by 1`,
    id,
  );
  expect(sums).toEqual([
    { kind: 'grant', count: 13, sum: 512_000_000 },
    { kind: 'settle', count: answered, sum: answered * -200_000 },
  ]);
  await expect.poll(() => app.rows('select * from pool_lease'), { timeout: 10_000 }).toEqual([]);
  expect(await wrongPools(app)).toEqual([]);
});

test('nobody changes the ledger, not even by hand in the database', async () => {
  const changes = ['update ledger_entry set amount = 0', 'delete from ledger_entry'];
  for (const statement of [...changes, 'truncate ledger_entry'])
    await expect(app.rows(statement)).rejects.toThrow('the ledger is append-only');
});

test('every book agrees at the end', async () => {
  await expect.poll(() => app.rows('select * from reservation')).toEqual([]);
  await expectCleanBooks(app);
});
