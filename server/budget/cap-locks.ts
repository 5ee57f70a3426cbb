import { sql } from 'kysely';
import type { Sql } from '../db/orm.ts';

/** Until the transaction ends, others that lock one of the ids wait. Gives the ids, each once. */
export async function lockIds(
  tx: Sql,
  named: readonly (string | null)[],
): Promise<readonly string[]> {
  // Always in the same order: two groups that lock the same ids never wait for each other in a circle.
  const ids = [...new Set(named)].filter((id) => id !== null).sort();
  if (ids.length > 0)
    await sql`select pg_advisory_xact_lock(hashtextextended(id, 0)) from unnest(${ids}::text[]) as id`.execute(
      tx,
    );
  return ids;
}
