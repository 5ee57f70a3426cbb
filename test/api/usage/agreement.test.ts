import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { giveSlices } from '../../../server/usage/give-slices.ts';
import type { Person } from '../../support/actors.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { type Seeded, seeded } from '../../support/seeded.ts';
import { expectAgreement, type Question } from './log.ts';
import { BY_ACCOUNT, BY_KEY, FIELDS, idOf, logs, reportOf, rollsUp, withSql } from './requests.ts';

const SEED = 20_261_122;
const ZONES = ['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'Asia/Kathmandu', 'America/New_York'];
const MODELS = ['fake', 'other', 'org/third'];
const REQUESTS = 3_000;
const QUESTIONS = 24;
const FIRST = Date.parse('2026-03-01T00:00:00Z');
const LAST = Date.parse('2026-11-01T00:00:00Z');

let app: TestApp;
let admin: Person;
let accounts: string[];
const keys = [randomUUID(), randomUUID()];

beforeAll(async () => {
  app = await startApp();
  admin = await app.person('dev@example.com');
  accounts = await Promise.all([admin, await app.person(), await app.person()].map(idOf));
  for (const [at, id] of keys.entries())
    await app.rows(
      `insert into api_key (id, account_id, name, hash, hint) values ($1, $2, $3, $4, 'sk_…')`,
      id,
      accounts[at],
      `key ${at}`,
      Buffer.from(id),
    );
  await logs(app, requests(seeded(SEED)));
  await rollsUp(app);
});
afterAll(() => app.close());

const fieldsFor = ({ everyone }: Question['filter']) =>
  `${FIELDS} ${everyone ? BY_ACCOUNT : BY_KEY}`;

const requests = ({ int, oneOf, chance }: Seeded) =>
  Array.from({ length: REQUESTS }, () => {
    const account = int(0, accounts.length - 1);
    const apiKeyId = chance(0.5) ? (keys[account] ?? null) : null;
    return {
      accountId: accounts[account] ?? '',
      // Many at the same quarter of an hour, many at the edges of days and months.
      at: new Date(
        int(FIRST / 900_000, LAST / 900_000) * 900_000 + oneOf([0, 1, 899_999]),
      ).toJSON(),
      model: oneOf(MODELS),
      source: apiKeyId === null ? ('chat' as const) : ('api' as const),
      apiKeyId,
      outcome: chance(0.1) ? ('failed' as const) : ('finished' as const),
      inputTokens: int(0, 1_000),
      cost: int(0, 1_000_000),
    };
  });

function question({ int, oneOf, chance }: Seeded): Question {
  const from = int(FIRST / 900_000, LAST / 900_000) * 900_000;
  const days = oneOf([1, 2, 10, 100, 400]);
  const [start, end] = [from, from + days * 86_400_000].map((ms) => new Date(ms).toJSON());
  const perhaps = <T>(choices: readonly T[]) => (chance(0.4) ? oneOf(choices) : null);
  const [account, model, source] = [perhaps(accounts), perhaps(MODELS), perhaps(['CHAT', 'API'])];
  const key = account === accounts[0] && chance(0.5) ? (keys[0] ?? null) : null;
  const conditions = [
    `at >= '${start}' and at < '${end}'`,
    account && `account_id = '${account}'`,
    model && `model = '${model}'`,
    source && `upper(source) = '${source}'`,
    key && `api_key_id = '${key}'`,
  ];
  const whose = account ? { account } : { everyone: true };
  const filter = { ...whose, from: start, to: end, timeZone: oneOf(ZONES), model, source, key };
  return { filter, where: conditions.filter(Boolean).join(' and ') };
}

test('every figure is that of the request log, rolled up or not, whatever is asked', async () => {
  const random = seeded(SEED);
  for (let at = 0; at < QUESTIONS; at++) {
    if (at === QUESTIONS / 2) {
      await app.rows(
        `update usage_rolled set until = '2026-04-14T10:30Z', months_until = '2026-04-01'`,
      );
      await app.rows(`delete from usage_until where at > '2026-04-01'`);
      await app.rows(`delete from usage_rollup where at >= '2026-04-14T10:30Z'
        or span = 'day' and at >= '2026-04-14'
        or span = 'week' and at >= '2026-04-13' or span = 'month' and at >= '2026-04-01'`);
    }
    const asked = question(random);
    await expectAgreement(app, await reportOf(admin, asked.filter, fieldsFor(asked.filter)), asked);
  }
  await rollsUp(app);
  const all = { filter: { timeZone: 'UTC' }, where: 'true' };
  await expectAgreement(
    app,
    await reportOf(admin, { everyone: true, period: 'ALL' }, fieldsFor({ everyone: true })),
    all,
  );
}, 60_000);

test('a model’s usage that is given to another is found there', async () => {
  const asked = { everyone: true, period: 'ALL' };
  const fields = fieldsFor(asked);
  const before = await reportOf(admin, asked, fields);
  await withSql(app, (sql) => sql.transaction().execute((tx) => giveSlices(tx, 'other', 'fake')));
  await app.rows(`update request_log set model = 'fake' where model = 'other'`);
  const after = await reportOf(admin, asked, fields);
  expect(after.byModel.map(({ model }) => model).sort()).toEqual(['fake', 'org/third']);
  expect(after.totals).toEqual(before.totals);
  await rollsUp(app);
  expect(await reportOf(admin, asked, fields)).toEqual(after);
}, 60_000);

test('a request counts as soon as it is settled', async () => {
  const ada = await app.person();
  const { assistantMessage } = await ada.says('Hello');
  const { cost } = await ada.awaits(assistantMessage.id);
  const { totals, byKey, bySource } = await reportOf(ada, {}, `${FIELDS} ${BY_KEY}`);
  expect(totals).toMatchObject({ requests: 1, errors: 0, cost });
  expect(byKey).toMatchObject([{ id: null, name: null, cost }]);
  expect(bySource).toMatchObject([{ source: 'CHAT', requests: 1 }]);
});
