import { sql } from 'kysely';
import type { Context } from '../context.ts';
import { batched } from '../db/batched.ts';
import { API_KEY_COLUMNS, ApiKey } from './api-key.entity.ts';

const KEYS_MAX = 500;

/** The account's keys, revoked ones too, the newest first. */
export const apiKeyList = (
  ctx: Pick<Context, 'em' | 'sql'>,
  accountId: string,
): Promise<readonly ApiKey[]> => batched(ctx, keysOfAll, accountId);

async function keysOfAll(
  { em, sql: connection }: Pick<Context, 'em' | 'sql'>,
  accountIds: readonly string[],
): Promise<readonly (readonly ApiKey[])[]> {
  const { rows } = await sql<{ account_id: string }>`
    select k.* from unnest(${accountIds}::uuid[]) as owner (id) cross join lateral (
      select ${API_KEY_COLUMNS} from api_key where account_id = owner.id order by created_at desc limit ${KEYS_MAX}
    ) k`.execute(connection);
  const byAccount = Map.groupBy(rows, (row) => row.account_id);
  return accountIds.map((id) => (byAccount.get(id) ?? []).map((row) => em.map(ApiKey, row)));
}
