import { sql } from 'kysely';
import type { Config } from '../config/config.ts';
import type { Context, Subject } from '../context.ts';
import type { Sql } from '../db/orm.ts';
import { ACCOUNT_COLUMNS, type AccountRow, subjectOf } from './actor.ts';

/** What rules look at of the accounts with these ids, by id. */
export async function subjectsOf(
  connection: Sql,
  accountIds: readonly string[],
  config: Config,
): Promise<ReadonlyMap<string, Subject>> {
  if (accountIds.length === 0) return new Map();
  const { rows } = await sql<AccountRow>`
    select ${ACCOUNT_COLUMNS} from account a where a.id = any(${[...new Set(accountIds)]}::uuid[])`.execute(
    connection,
  );
  return new Map(rows.map((row) => [row.account_id, subjectOf(row, config)]));
}

/** The same for `batched`. */
export async function subjectsWith(
  { sql: connection, config }: Pick<Context, 'sql' | 'config'>,
  accountIds: readonly string[],
): Promise<readonly (Subject | null)[]> {
  const subjects = await subjectsOf(connection, accountIds, config);
  return accountIds.map((id) => subjects.get(id) ?? null);
}
