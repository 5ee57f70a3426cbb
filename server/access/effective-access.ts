/** May this account use this model: one pure function of the configuration and the account's groups. */
import type { Access, Config, GroupConfig, ModelConfig } from '../config/config.ts';
import type { Subject } from '../context.ts';
import { groupsOf } from '../group/memberships.ts';

export type ModelAccess = 'ALLOWED' | 'BLOCKED' | 'ACKNOWLEDGEMENT_NEEDED';

/**
 * Six tiers, the first that says anything decides: the account's rule for the model, its groups' rules (a block wins),
 * the model's own setting, the groups' defaults (an allowance wins), the account's default, the default of all.
 * A disabled model is blocked whatever they say, and an allowed one may need an acknowledgement first.
 */
export function effectiveAccess(config: Config, account: Subject, model: ModelConfig): ModelAccess {
  if (model.disabled) return 'BLOCKED';
  const access = tiers(config, account, model);
  if (access === 'blocked') return 'BLOCKED';
  const isMissing = model.needsAcknowledgement && !account.acknowledged.has(model.name);
  return isMissing ? 'ACKNOWLEDGEMENT_NEEDED' : 'ALLOWED';
}

function tiers(config: Config, account: Subject, model: ModelConfig): Access {
  const own = account.email === null ? undefined : config.people.get(account.email)?.access;
  const groups = groupsOf(config, account);
  return (
    own?.models.get(model.name) ??
    prevailing(groupRules(groups, model.name), 'blocked') ??
    model.access ??
    prevailing(
      groups.flatMap((group) => group.access.default ?? []),
      'allowed',
    ) ??
    own?.default ??
    config.defaults.access
  );
}

const groupRules = (groups: readonly GroupConfig[], model: string): readonly Access[] =>
  groups.flatMap((group) => group.access.models.get(model) ?? []);

/** The winner when it is among the rules, else whatever they say, else nothing. */
const prevailing = (rules: readonly Access[], winner: Access): Access | undefined =>
  rules.includes(winner) ? winner : rules[0];
