// Groups are read from sums of their own, which must never show.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rollUpCohorts } from '../../../server/analytics/roll-up-cohorts.ts';
import { parseConfig } from '../../../server/config/load.ts';
import { giveSlices } from '../../../server/usage/give-slices.ts';
import type { Person } from '../../support/actors.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { type Seeded, seeded } from '../../support/seeded.ts';
import { expectAgreement } from './log.ts';
import { FIELDS, logs, reportOf, rollsUp, withSql } from './requests.ts';

const SEED = 20_261_122;
const ZONES = ['UTC', 'Europe/Berlin', 'Asia/Kolkata'];
const MODELS = ['fake', 'other'];
const GROUPS = { default: {}, hand: {} };
const DAY_MS = 86_400_000;
const DAYS = 60;
const FIRST = Math.floor(Date.now() / DAY_MS - DAYS - 10) * DAY_MS;
/** Accounts that used something; the first four are in the group at first. */
const ACCOUNTS = 30;

let app: TestApp;
let admin: Person;
const { int, oneOf, chance }: Seeded = seeded(SEED);
const accounts = Array.from({ length: ACCOUNTS }, () => randomUUID());

beforeAll(async () => {
  app = await startApp({ config: { groups: GROUPS } });
  admin = await app.person('dev@example.com');
  await exist(accounts);
  await logs(
    app,
    Array.from({ length: 2_000 }, () => ({
      accountId: oneOf(accounts),
      at: new Date(FIRST + int(0, DAYS * 96 - 1) * 900_000 + oneOf([0, 1, 899_999])).toJSON(),
      model: oneOf(MODELS),
      source: oneOf(['chat', 'api'] as const),
      outcome: chance(0.1) ? ('failed' as const) : ('finished' as const),
      inputTokens: int(0, 1_000),
      cost: int(0, 1_000_000),
    })),
  );
  await join(accounts.slice(0, 4));
  await rollsUp(app);
  await sumsUp();
}, 60_000);
afterAll(() => app.close());

const exist = (ids: readonly string[]) =>
  app.rows(
    `insert into account (id, kind, name, slug) select id, 'project', id, id from unnest($1::uuid[]) t (id)`,
    ids,
  );

const join = (ids: readonly string[]) =>
  app.rows(
    `insert into group_member (group_name, account_id, origin) select 'hand', id, 'manual' from unnest($1::uuid[]) t (id)`,
    ids,
  );

/** The job's own work, done now. */
async function sumsUp(closing?: AbortSignal): Promise<void> {
  const file = JSON.stringify({ version: 2, models: [], groups: GROUPS });
  const { config } = await parseConfig(file, { file: '-', env: {}, generation: 1 });
  await withSql(app, (sql) => rollUpCohorts({ sql, config }, closing));
}

interface Summed {
  readonly size: number;
  readonly isReplaced: boolean;
}

const cohorts = () =>
  app.rows<Summed>(`select cardinality(account_ids) as size, replaced_at is not null as "isReplaced"
    from usage_cohort where group_name = 'hand' order by id`);

function question() {
  const from = FIRST + int(0, DAYS * 96) * 900_000;
  const [start, end] = [from, from + oneOf([1, 2, 10, 40, 200]) * DAY_MS].map((ms) =>
    new Date(ms).toJSON(),
  );
  const model = chance(0.3) ? oneOf(MODELS) : null;
  const source = chance(0.3) ? oneOf(['CHAT', 'API']) : null;
  const conditions = [
    `at >= '${start}' and at < '${end}'`,
    `account_id in (select account_id from group_member where group_name = 'hand')`,
    model && `model = '${model}'`,
    source && `upper(source) = '${source}'`,
  ];
  const filter = { group: 'hand', from: start, to: end, timeZone: oneOf(ZONES), model, source };
  return { filter, where: conditions.filter(Boolean).join(' and ') };
}

async function expectTruth(questions = 8): Promise<void> {
  for (let at = 0; at < questions; at++) {
    const asked = question();
    await expectAgreement(app, await reportOf(admin, asked.filter, FIELDS), asked);
  }
}

test('a group is read from its own sums and not from those of its members', async () => {
  expect(await cohorts()).toEqual([{ size: 4, isReplaced: false }]);
  await app.rows('delete from usage_rollup');
  await expectTruth();
  await app.rows('delete from usage_rolled');
  await rollsUp(app);
  await sumsUp();
}, 60_000);

test('who came and who went since count at once, with all that they ever used', async () => {
  await app.rows('delete from group_member where account_id = $1', accounts[0]);
  await join(accounts.slice(4, 6));
  await sumsUp();
  expect(await cohorts()).toEqual([{ size: 4, isReplaced: false }]);
  await expectTruth();
}, 60_000);

test('who used nothing yet is taken into the sums as they are', async () => {
  const newcomers = Array.from({ length: 30 }, () => randomUUID());
  await exist(newcomers);
  await join(newcomers);
  await expectTruth(2);
  await sumsUp();
  expect(await cohorts()).toEqual([{ size: 34, isReplaced: false }]);
  await expectTruth(2);
}, 60_000);

test('when many came, a group is summed anew, and read as ever meanwhile', async () => {
  await join(accounts.slice(6));
  await sumsUp(AbortSignal.abort());
  expect(await cohorts()).toEqual([
    { size: 34, isReplaced: false },
    { size: 59, isReplaced: false },
  ]);
  await expectTruth(4);
  await sumsUp();
  await expectTruth(4);
  await sumsUp();
  expect((await cohorts()).map(({ isReplaced }) => isReplaced)).toEqual([true, false]);
  await expectTruth(2);
  await app.rows(
    `update usage_cohort set replaced_at = now() - interval '1 hour' where replaced_at is not null`,
  );
  await sumsUp();
  expect(await cohorts()).toEqual([{ size: 59, isReplaced: false }]);
}, 60_000);

test('slices that are changed afterwards leave no sums of a group behind', async () => {
  await withSql(app, (sql) => sql.transaction().execute((tx) => giveSlices(tx, 'other', 'fake')));
  await app.rows(`update request_log set model = 'fake' where model = 'other'`);
  expect(await cohorts()).toEqual([]);
  await expectTruth(2);
  await rollsUp(app);
  await sumsUp();
  expect(await cohorts()).toEqual([{ size: 59, isReplaced: false }]);
  await expectTruth(2);
}, 60_000);
