import { sql } from 'kysely';
import type { Config, PoolPolicy } from '../config/config.ts';
import type { Actor, KeyTerms, Subject } from '../context.ts';
import type { Coins } from '../kernel/coins.ts';
import { fail } from '../kernel/failure.ts';

/** The columns that make an actor, as hand-written statements return them. */
export interface AccountRow {
  readonly account_id: string;
  readonly kind: 'person' | 'project';
  readonly name: string;
  readonly email: string | null;
  readonly slug: string | null;
  readonly is_active: boolean;
  /** That it was put into by hand. */
  readonly groups: readonly string[];
  /** That rules put it into when it last signed in. */
  readonly rule_groups: readonly string[];
  /** When it acknowledged the terms of which models, in ISO 8601. */
  readonly acknowledged: Readonly<Record<string, string>>;
  readonly has_monthly_limit: boolean;
  /** Unit, `max`, refill and start of what an administrator set, as text; null when nobody did. */
  readonly account_limit: readonly [PoolPolicy['unit'], string | null, string, string] | null;
}

/** The columns of `AccountRow`, of an account that the statement calls `a`. */
export const ACCOUNT_COLUMNS = sql`a.id as account_id, a.kind, a.name, a.email, a.slug, a.is_active,
  array(select group_name from group_member where account_id = a.id and origin = 'manual') as groups,
  array(select group_name from group_member where account_id = a.id and origin = 'rule') as rule_groups,
  (select coalesce(jsonb_object_agg(model, at), '{}') from acknowledgement where account_id = a.id) as acknowledged,
  exists (select from monthly_limit where account_id = a.id) as has_monthly_limit,
  (select array[unit, max::text, refresh_per_hour::text, starting::text] from account_limit where account_id = a.id)
    as account_limit`;

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
    name: row.name,
    isAdmin: row.email !== null && config.admins.has(row.email),
    ...subjectOf(row, config),
    hasMonthlyLimit: row.has_monthly_limit,
    apiKeyId: door.apiKeyId ?? null,
    keyTerms: door.keyTerms ?? null,
    session: door.session ?? null,
  };
}

/**
 * What rules about models and pools look at. A membership by rule counts only while the configuration has rules for the
 * group: whom a rule put in loses the group together with the rule.
 */
export function subjectOf(
  { kind, email, slug, groups, rule_groups: byRule, acknowledged, account_limit }: AccountRow,
  config: Pick<Config, 'groups'>,
): Subject {
  const hasRules = (name: string) => (config.groups.get(name)?.rules.length ?? 0) > 0;
  return {
    kind,
    email,
    slug,
    groups: [...groups, ...byRule.filter(hasRules)],
    acknowledged: new Map(Object.entries(acknowledged)),
    limit: account_limit && limitOf(account_limit),
  };
}

const limitOf = ([unit, max, refreshPerHour, starting]: NonNullable<
  AccountRow['account_limit']
>): PoolPolicy => ({
  unit,
  max: max === null ? 'unlimited' : (BigInt(max) as Coins),
  refreshPerHour: BigInt(refreshPerHour) as Coins,
  starting: BigInt(starting) as Coins,
});
