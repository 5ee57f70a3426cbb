import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { auditNewEntries } from '../../../server/budget/audit-new-entries.ts';
import { openOrm } from '../../../server/db/orm.ts';
import { ENTITIES } from '../../../server/store.ts';
import type { Person } from '../../support/actors.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { HELLO, post } from '../v1/client.ts';
import { wrongPools } from './audit.ts';

const log = pino({ level: 'silent' });

/** Two people who used something, and the audit of their pools as the job does it. */
async function used() {
  const app = await testApp();
  const [ada, bob] = [await usesSome(app), await usesSome(app)];
  const orm = await openOrm({
    url: app.databaseUrl,
    entities: ENTITIES,
    poolSizeMax: 1,
    acquireTimeoutMs: 5_000,
    log,
  });
  onTestFinished(() => orm.close(true));
  const connection = orm.em.fork().getKysely<unknown>();
  return { app, ada, bob, wrong: (closing?: AbortSignal) => auditNewEntries(connection, closing) };
}

async function usesSome(app: TestApp, person?: Person): Promise<Person> {
  const asker = person ?? (await app.person());
  const { key } = await asker.withKey();
  await (await post(app, HELLO, { key })).text();
  return asker;
}

const idOf = async (app: TestApp, { email }: Person): Promise<string> => {
  const [row] = await app.rows<{ id: string }>('select id from account where email = $1', email);
  return row?.id ?? '';
};

const sums = (app: TestApp) =>
  app.rows('select account_id, entered from ledger_sum order by account_id');

const ledgers = (app: TestApp) =>
  app.rows(
    'select account_id, sum(amount)::bigint as entered from ledger_entry group by 1 order by 1',
  );

test('the audit finds what the ledger does not explain, and each later one sees it still', async () => {
  const { app, ada, bob, wrong } = await used();
  expect(await wrong()).toEqual([]);
  await app.rows(
    'update pool set balance = balance + 1 where account_id = $1',
    await idOf(app, ada),
  );
  expect(await wrong()).toEqual([await idOf(app, ada)]);
  await usesSome(app, ada);
  await usesSome(app, bob);
  expect(await wrong()).toEqual([await idOf(app, ada)]);
  expect(await wrongPools(app)).toHaveLength(1);
  await app.rows(
    'update pool set balance = balance - 1 where account_id = $1',
    await idOf(app, ada),
  );
  expect(await wrong()).toEqual([]);
});

test('it finds a pool that is gone, and what is held for nobody', async () => {
  const { app, ada, bob, wrong } = await used();
  expect(await wrong()).toEqual([]);
  await app.rows('delete from pool where account_id = $1', await idOf(app, ada));
  await app.rows('update pool set held = 1 where account_id = $1', await idOf(app, bob));
  const both = [await idOf(app, ada), await idOf(app, bob)].sort();
  expect(await wrong()).toEqual(both);
});

test('it reads what was entered since the last time, and nothing before that', async () => {
  const { app, ada, wrong } = await used();
  expect(await wrong()).toEqual([]);
  expect(await sums(app)).toEqual(await ledgers(app));
  await usesSome(app, ada);
  expect(await wrong()).toEqual([]);
  expect(await sums(app)).toEqual(await ledgers(app));
  // What nobody can do but who owns the database: only the whole ledger shows it.
  await app.rows('alter table ledger_entry disable trigger ledger_entry_append_only');
  await app.rows("update ledger_entry set amount = amount + 1 where kind = 'opening'");
  expect(await wrong()).toEqual([]);
  expect(await wrongPools(app)).toHaveLength(2);
});

test('a ledger that is too long for one look is summed in pieces, and judged when all of it is', async () => {
  const { app, ada, wrong } = await used();
  const id = await idOf(app, ada);
  expect(await wrong()).toEqual([]);
  // The pool is wrong by one of them all the time.
  await app.rows(
    `insert into ledger_entry (account_id, kind, amount) select $1, 'grant', 1 from generate_series(1, 5000)`,
    id,
  );
  await app.rows('update pool set balance = balance + 4999 where account_id = $1', id);
  const left = () =>
    app.rows<{ left: number }>(
      `select count(*)::int as left from ledger_entry e join ledger_sum s using (account_id)
        where account_id = $1 and e.id > s.entry_id`,
      id,
    );
  const looks: unknown[] = [];
  for (let look = 0; look < 3; look++)
    looks.push([await wrong(AbortSignal.abort()), (await left())[0]?.left]);
  expect(looks).toEqual([
    [[], 3_000],
    [[], 1_000],
    [[id], 0],
  ]);
  await app.rows('update pool set balance = balance + 1 where account_id = $1', id);
  expect(await wrong()).toEqual([]);
});
