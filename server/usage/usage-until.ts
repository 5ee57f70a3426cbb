/** What accounts used before the beginning of each month, so that a list of what many used in years takes two rows of each. */
import { sql } from 'kysely';
import type { Sql } from '../db/orm.ts';
import { NIL, SUM_COLUMNS, SUMS } from './usage-sums.ts';

interface Step {
  readonly from: Date;
  readonly to: Date;
}

/** Adds up a month that was rolled up; whether there may be more. A transaction of its own. */
export async function addUsageUntil(tx: Sql): Promise<boolean> {
  const { rows } = await sql<Step & { readonly isFirst: boolean }>`
    select start as "from", "end" as "to", months_until is null as "isFirst"
    from (
      select *, date_trunc('month', start + interval '32 days', 'UTC') as "end"
      from (
        select until, months_until, coalesce(months_until,
          (select min(at) from usage_rollup where account_id = ${NIL} and span = 'month')) as start
        from usage_rolled for update
      ) r
    ) s where "end" <= until`.execute(tx);
  const [step] = rows;
  if (!step) return false;
  // What was rolled up is begun anew when slices that are over were changed, and so is this.
  if (step.isFirst) await forget(tx);
  // All models of ten thousand accounts would take longer than a statement may.
  const models = await sql<{ model: string }>`
    select model from usage_until where at = ${step.from} union
    select model from usage_rollup where account_id = ${NIL} and span = 'month' and at = ${step.from}`.execute(
    tx,
  );
  for (const { model } of models.rows) await addModel(tx, model, step);
  await sql`update usage_rolled set months_until = ${step.to}`.execute(tx);
  return true;
}

async function forget(tx: Sql): Promise<void> {
  // Those of years are millions.
  await sql`set local statement_timeout = 0`.execute(tx);
  await sql`delete from usage_until`.execute(tx);
}

const addModel = (tx: Sql, model: string, { from, to }: Step) =>
  sql`
    insert into usage_until (at, model, source, account_id, ${SUM_COLUMNS})
    select ${to}, model, source, account_id, ${SUMS}
    from (
      select model, source, account_id, ${SUM_COLUMNS} from usage_until where at = ${from} and model = ${model}
      union all select model, source, account_id, ${SUM_COLUMNS} from usage_rollup
      where span = 'month' and model = ${model} and at = ${from} and account_id <> ${NIL}
    ) s group by model, source, account_id order by source, account_id`.execute(tx);
