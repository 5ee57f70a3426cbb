import { sql } from 'kysely';
import type { Context } from '../context.ts';
import { groupAccounts } from './group-accounts.ts';
import type { UsageScope } from './usage-scope.ts';

/** Sums of those who were in a group when they were summed, and who came and went since. */
export interface Cohort {
  readonly id: string;
  /** Up to when there are sums, in milliseconds since 1970. */
  readonly until: number;
  /** How many accounts were summed. */
  readonly size: number;
  readonly joinedIds: readonly string[];
  readonly leftIds: readonly string[];
}

/** Days that are missing are read from slices: of more, the accounts' own rollups are less to read. */
const BEHIND_MS_MAX = 7 * 86_400_000;

/** Null when the sums of the accounts themselves are the shorter way, or the only one. */
export async function cohortOf(
  { config, sql: connection }: Pick<Context, 'config' | 'sql'>,
  scope: UsageScope,
  rolledUntil: number,
): Promise<Cohort | null> {
  if (scope.kind !== 'group') return null;
  const { rows } = await sql<Cohort>`
    with member as materialized (
      select account_id from (${groupAccounts(config)}) g where group_name = ${scope.group}
    ), cohort as (
      select * from usage_cohort where group_name = ${scope.group} and replaced_at is null
      order by until desc, id desc limit 1
    ), summed as (select unnest(account_ids) as account_id from cohort)
    select id::text, (extract(epoch from until) * 1000)::float8 as until, cardinality(account_ids) as size,
      array(select account_id from member except select account_id from summed) as "joinedIds",
      array(select account_id from summed except select account_id from member) as "leftIds"
    from cohort`.execute(connection);
  const [cohort] = rows;
  if (!cohort || cohort.until < rolledUntil - BEHIND_MS_MAX) return null;
  return cohort.joinedIds.length + cohort.leftIds.length > cohort.size ? null : cohort;
}
