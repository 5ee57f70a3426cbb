// What must be true of the money in a database at any time, as the auditors of a bank would ask.
import { expect } from 'vitest';
import type { TestApp } from '../../support/app.ts';

type Database = Pick<TestApp, 'rows'>;

/** R1: pools whose balance is not the sum of their ledger, or whose holds are not those of open requests. */
export const wrongPools = (database: Database): Promise<unknown[]> =>
  database.rows(
    `select p.account_id, p.balance, l.sum, p.held, r.sum as open from pool p
      left join (select account_id, sum(amount)::bigint from ledger_entry group by 1) l using (account_id)
      left join (select account_id, sum(amount)::bigint from reservation where is_pooled group by 1) r using (account_id)
    where p.balance <> coalesce(l.sum, 0) or p.held <> coalesce(r.sum, 0)`,
  );

/** R3: requests whose log, ledger and message do not agree, and sums that are not those of the log. */
async function wrongRequests(database: Database): Promise<unknown[]> {
  const statements = [
    `select 'ledger', q.id, q.cost, e.amount from request_log q
      full join (select * from ledger_entry where kind = 'settle') e on e.request_id = q.id
      where q.cost <> -coalesce(e.amount, 0) or q.id is null`,
    `select 'twice', id from request_log group by id having count(*) > 1`,
    `select 'message', m.id, m.status, m.cost, m.input_tokens, m.output_tokens, to_jsonb(q) as log from message m left join request_log q on q.id = m.id
      where m.role = 'assistant' and m.status <> 'streaming'
        and (coalesce(m.cost, 0), coalesce(m.input_tokens, 0), coalesce(m.output_tokens, 0), m.status) is distinct from (q.cost, q.input_tokens, q.output_tokens, q.outcome)`,
    `select 'hour', * from (select account_id, date_trunc('hour', at, 'UTC') as hour, model, source, count(*) as requests,
        sum(input_tokens)::bigint as input, sum(output_tokens)::bigint as output, sum(cost)::bigint as cost
        from request_log group by 1, 2, 3, 4) q
      full join usage_hour h using (account_id, hour, model, source)
      where (q.requests, q.input, q.output, q.cost) is distinct from (h.requests, h.input_tokens, h.output_tokens, h.cost)`,
    `select 'key', * from (select api_key_id, count(*) as requests, sum(input_tokens)::bigint as input,
        sum(output_tokens)::bigint as output, sum(cost)::bigint as cost from request_log where api_key_id is not null
        group by 1) q
      full join (select * from api_key where requests > 0) k on k.id = q.api_key_id
      where (q.requests, q.input, q.output, q.cost) is distinct from (k.requests, k.input_tokens, k.output_tokens, k.cost)`,
  ];
  const found = await Promise.all(statements.map((statement) => database.rows(statement)));
  return found.flat();
}

/** Once nothing runs: every book agrees, and nothing is held. */
export async function expectCleanBooks(database: Database): Promise<void> {
  expect(await database.rows('select * from reservation')).toEqual([]);
  expect(await wrongPools(database)).toEqual([]);
  expect(await wrongRequests(database)).toEqual([]);
}
