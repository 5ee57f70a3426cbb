import { sql } from 'kysely';
import type { Config } from '../config/config.ts';
import type { Actor, KeyTerms } from '../context.ts';
import { fail } from '../kernel/failure.ts';

/** The columns that make an actor, as hand-written statements return them. */
export interface AccountRow {
  readonly account_id: string;
  readonly kind: 'person' | 'project';
  readonly name: string;
  readonly email: string | null;
  readonly is_active: boolean;
  readonly groups: readonly string[];
  readonly acknowledged: readonly string[];
}

/** The columns of `AccountRow`, of an account that the statement calls `a`. */
export const ACCOUNT_COLUMNS = sql`a.id as account_id, a.kind, a.name, a.email, a.is_active,
  array(select distinct group_name from group_member where account_id = a.id) as groups,
  array(select model from acknowledgement where account_id = a.id) as acknowledged`;

/** Whether someone is an administrator is read from the configuration each time: a removal holds at once. */
export function actorOf(
  row: AccountRow,
  config: Config,
  door: { readonly apiKeyId?: string; readonly keyTerms?: KeyTerms; readonly session?: Buffer },
): Actor {
  if (!row.is_active)
    fail('FORBIDDEN', 'This account is disabled. Ask an administrator.', {
      reason: 'account_disabled',
    });
  return {
    accountId: row.account_id,
    kind: row.kind,
    name: row.name,
    email: row.email,
    isAdmin: row.email !== null && config.admins.has(row.email),
    groups: row.groups,
    acknowledged: new Set(row.acknowledged),
    apiKeyId: door.apiKeyId ?? null,
    keyTerms: door.keyTerms ?? null,
    session: door.session ?? null,
  };
}
