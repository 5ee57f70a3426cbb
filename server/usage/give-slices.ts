import { sql } from 'kysely';
import type { Sql } from '../db/orm.ts';
import { forgetRollups } from './roll-up.ts';
import { ADD_EXCLUDED, SUM_COLUMNS } from './usage-sums.ts';

/** Gives the slices and failures of one model to another; those that both had are one then. */
export async function giveSlices(tx: Sql, from: string, to: string): Promise<void> {
  await sql`
    with gone as (delete from usage_slice where model = ${from} returning *)
    insert into usage_slice as kept (account_id, at, model, source, api_key_id, ${SUM_COLUMNS})
    select account_id, at, ${to}, source, api_key_id, ${SUM_COLUMNS} from gone
    on conflict (account_id, at, model, source, api_key_id) do update set ${ADD_EXCLUDED}`.execute(
    tx,
  );
  await sql`
    with gone as (delete from endpoint_failure where model = ${from} returning *)
    insert into endpoint_failure as kept select at, ${to}, endpoint_id, failure_code, failures from gone
    on conflict (at, model, endpoint_id, failure_code) do update set failures = kept.failures + excluded.failures`.execute(
    tx,
  );
  await forgetRollups(tx);
}
