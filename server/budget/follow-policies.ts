/** What refills a pool stands in its row; what ought to, follows from configuration, groups and limits: this joins them. */
import { sql } from 'kysely';
import { ACCOUNT_COLUMNS, type AccountRow, subjectOf } from '../account/actor.ts';
import type { Context } from '../context.ts';
import type { Sql } from '../db/orm.ts';
import { type RefillTerms, termsOf } from './pool.ts';
import { poolPolicy } from './pool-policy.ts';
import { LockedPools, microseconds, type TermsColumns, termsIn } from './pool-rows.ts';

type Unit = Pick<Context, 'sql' | 'config'>;

interface Row extends AccountRow, TermsColumns {
  readonly unit: string;
}

/** So many pools are read at once, and few of them locked together. */
const PAGE = 500;

/**
 * Lets pools refill by the policies that are in force now. The time up to this moment is paid for by the terms of before,
 * so that no change of a rate pays back, or loses, anything.
 *
 * @param accountIds all of them when left out
 */
export async function followPolicies(ctx: Unit, accountIds?: readonly string[]): Promise<void> {
  const { rows } = await sql<{ now: bigint }>`
    select ${microseconds('clock_timestamp()')} as now`.execute(ctx.sql);
  const at = rows[0]?.now ?? 0n;
  let after: string | null = null;
  do {
    const page: readonly Row[] = await pools(ctx.sql, accountIds ?? null, after);
    const ids = page.filter((row) => newTerms(ctx, row) !== null).map((row) => row.account_id);
    if (ids.length > 0) await ctx.sql.transaction().execute((tx) => change(tx, ctx, ids, at));
    after = page.length < PAGE ? null : (page.at(-1)?.account_id ?? null);
  } while (after !== null);
}

async function change(tx: Sql, ctx: Unit, ids: readonly string[], at: bigint): Promise<void> {
  const locked = await LockedPools.lock(tx, ids);
  // Read under lock: a limit that is set meanwhile is either seen or comes after this.
  for (const row of await pools(tx, ids, null)) {
    const terms = newTerms(ctx, row);
    if (terms) locked.changeTerms(row.account_id, terms, at);
  }
  await locked.store(tx);
}

/** By what the pool ought to refill; null when it does so already. */
function newTerms({ config }: Unit, row: Row): RefillTerms | null {
  const policy = poolPolicy(config, subjectOf(row, config));
  // A pool in another unit begins anew when it is next used: until then nothing pays into it.
  const terms = termsOf(policy?.unit === row.unit ? policy : null);
  const known = termsIn(row);
  const isKnown = known?.max === terms.max && known.refreshPerHour === terms.refreshPerHour;
  return isKnown ? null : terms;
}

async function pools(
  connection: Sql,
  ids: readonly string[] | null,
  after: string | null,
): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`
    select ${ACCOUNT_COLUMNS}, p.unit, p.refill_max, p.refill_per_hour
    from pool p join account a on a.id = p.account_id
    where (${ids}::uuid[] is null or p.account_id = any(${ids}::uuid[]))
      and (${after}::uuid is null or p.account_id > ${after}::uuid)
    order by p.account_id limit ${PAGE}`.execute(connection);
  return rows;
}
