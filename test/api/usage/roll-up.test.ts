import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { freshDatabase } from '../../support/services.ts';
import { rollsUp, withSql } from './requests.ts';

/** More than are rolled up in one statement. */
const ACCOUNTS = 1_200;

test('the days and months of many accounts are rolled up in pieces, and none is left out', async () => {
  const database = { databaseUrl: await freshDatabase() };
  await withSql(database, async (connection) => {
    await sql`
      insert into usage_slice (account_id, at, model, source, api_key_id, requests, cost)
      select ('00000000-0000-0000-0001-' || lpad(n::text, 12, '0'))::uuid, at, 'fake', 'chat',
        '00000000-0000-0000-0000-000000000000', n, n * 3
      from generate_series(1, ${ACCOUNTS}::int) n,
        unnest(array[interval '2 days', '47 hours', '1 day']) before,
        lateral (select date_trunc('month', now() - interval '1 hour', 'UTC') - before as at) t`.execute(
      connection,
    );
  });
  await rollsUp(database);
  await withSql(database, async (connection) => {
    const { rows } = await sql<{ span: string; accounts: number; wrong: number }>`
      select span, count(*)::int as accounts, count(*) filter (where requests <> n * 3 or cost <> n * 9)::int as wrong
      from (
        select span, account_id, right(account_id::text, 12)::int as n, sum(requests) as requests, sum(cost) as cost
        from usage_rollup where model = '' and source = '' and span in ('day', 'month') group by 1, 2
      ) r where n > 0 group by span order by span`.execute(connection);
    expect(rows).toEqual([
      { span: 'day', accounts: ACCOUNTS, wrong: 0 },
      { span: 'month', accounts: ACCOUNTS, wrong: 0 },
    ]);
    const everybodys = await sql<{ span: string; requests: number }>`
      select span, sum(requests)::int as requests from usage_rollup
      where account_id = '00000000-0000-0000-0000-000000000000' and model = '' and source = '' and span <> 'week'
      group by span order by span`.execute(connection);
    const requests = (3 * ACCOUNTS * (ACCOUNTS + 1)) / 2;
    expect(everybodys.rows).toEqual(
      ['day', 'month', 'quarter'].map((span) => ({ span, requests })),
    );
  });
});
