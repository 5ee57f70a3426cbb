import { sql } from 'kysely';
import type { Sql } from '../db/orm.ts';

/** A settlement that the request log does not explain; amounts are millionths of the pool's unit, the cost of a coin. */
export interface UnexplainedSettlement {
  readonly requestId: string | null;
  readonly accountId: string;
  readonly charge: bigint;
  /** What the log says that the request cost; null when it says nothing of it. */
  readonly cost: bigint | null;
}

/**
 * Settlements without the request that they are for, or with another amount than it cost: coins, or in a pool of tokens each
 * token. At most 1,000 of them. Reads the whole ledger.
 */
export async function unexplainedSettlements(
  connection: Sql,
): Promise<readonly UnexplainedSettlement[]> {
  const { rows } = await sql<UnexplainedSettlement>`
    select e.request_id as "requestId", e.account_id as "accountId", -e.amount as charge, q.cost
    from ledger_entry e left join request_log q on q.id = e.request_id and q.account_id = e.account_id
    where e.kind = 'settle' and (q.id is null
      or -e.amount not in (q.cost, (q.input_tokens::bigint + q.output_tokens) * 1000000))
    order by e.id limit 1000`.execute(connection);
  return rows;
}
