// What must be true of the money in a database at any time, as the auditors of a bank would ask.
import { expect } from 'vitest';
import { LEDGER_MISMATCHES } from '../../../server/budget/audit-ledger.ts';
import type { TestApp } from '../../support/app.ts';

type Database = Pick<TestApp, 'rows'>;

/** R1: pools whose balance is not the sum of their ledger, or whose holds are not those of open requests. */
export const wrongPools = (database: Database): Promise<unknown[]> =>
  database.rows(LEDGER_MISMATCHES);

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
    `select 'slice', * from (select account_id, date_bin('15 minutes', at, 'epoch') as at, model, source,
        coalesce(api_key_id, '00000000-0000-0000-0000-000000000000') as api_key_id, count(*) as requests,
        count(*) filter (where outcome = 'failed') as errors, sum(input_tokens)::bigint as input,
        sum(cached_input_tokens)::bigint as cached, sum(output_tokens)::bigint as output,
        sum(reasoning_tokens)::bigint as reasoning, sum(audio_seconds) as seconds, sum(cost)::bigint as cost
        from request_log group by 1, 2, 3, 4, 5) q
      full join usage_slice s using (account_id, at, model, source, api_key_id)
      where (q.requests, q.errors, q.input, q.cached, q.output, q.reasoning, q.seconds, q.cost) is distinct from
        (s.requests, s.errors, s.input_tokens, s.cached_input_tokens, s.output_tokens, s.reasoning_tokens, s.audio_seconds, s.cost)`,
    `select 'failure', * from (select count(*) as failures from request_log where outcome = 'failed') q
      full join (select coalesce(sum(failures), 0)::bigint as failures from endpoint_failure) f using (failures)
      where q.failures is null or f.failures is null`,
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
