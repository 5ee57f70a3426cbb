import type { Config } from '../config/config.ts';
import type { Actor } from '../context.ts';
import { fail } from '../kernel/failure.ts';

/** The columns that make an actor, as hand-written statements return them. */
export interface AccountRow {
  readonly account_id: string;
  readonly kind: 'person' | 'project';
  readonly name: string;
  readonly email: string | null;
  readonly is_active: boolean;
}

/** Whether someone is an administrator is read from the configuration each time: a removal holds at once. */
export function actorOf(
  row: AccountRow,
  config: Config,
  door: { readonly apiKeyId?: string; readonly session?: Buffer },
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
    apiKeyId: door.apiKeyId ?? null,
    session: door.session ?? null,
  };
}
