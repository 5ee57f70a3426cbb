/** May this account use this model: one pure function of the configuration and the account's groups. */
import { ownSettings } from '../account/own-settings.ts';
import type { Access, AccessRules, Config, ModelConfig } from '../config/config.ts';
import type { Subject } from '../context.ts';
import { groupsOf } from '../group/memberships.ts';

export type ModelAccess = 'ALLOWED' | 'BLOCKED' | 'ACKNOWLEDGEMENT_NEEDED';

/** What decided, in the order in which they are asked; a disabled model asks none of them. */
export type AccessTier =
  | 'DISABLED'
  | 'OWN_RULE'
  | 'GROUP_RULES'
  | 'MODEL'
  | 'GROUP_DEFAULTS'
  | 'OWN_DEFAULT'
  | 'DEFAULT';

export interface AccessDecision {
  readonly access: ModelAccess;
  readonly tier: AccessTier;
}

export const effectiveAccess = (
  config: Config,
  account: Subject,
  model: ModelConfig,
): ModelAccess => accessDecider(config, account)(model).access;

/**
 * Decides for one account and any number of models; what depends on the account alone is found once.
 *
 * Six tiers, the first that says anything decides: the account's rule for the model, its groups' rules (a block wins),
 * the model's own setting, the groups' defaults (an allowance wins), the account's default, the default of all.
 * A disabled model is blocked whatever they say, and an allowed one may need an acknowledgement first.
 */
export function accessDecider(
  config: Config,
  account: Subject,
): (model: ModelConfig) => AccessDecision {
  const own = ownSettings(config, account)?.access;
  const groups = groupsOf(config, account).map(({ access }) => access);
  const fallback = defaultOf(config, own, groups);
  return (model) => {
    if (model.disabled) return { access: 'BLOCKED', tier: 'DISABLED' };
    const { says, tier } = ruleFor(model, own, groups) ?? fallback;
    if (says === 'blocked') return { access: 'BLOCKED', tier };
    const isMissing = model.needsAcknowledgement && !account.acknowledged.has(model.name);
    return { access: isMissing ? 'ACKNOWLEDGEMENT_NEEDED' : 'ALLOWED', tier };
  };
}

interface Ruling {
  readonly says: Access;
  readonly tier: AccessTier;
}

/** The first three tiers, which speak of the model by its name. */
function ruleFor(
  { name, access }: ModelConfig,
  own: AccessRules | undefined,
  groups: readonly AccessRules[],
): Ruling | null {
  const mine = own?.models.get(name);
  if (mine) return { says: mine, tier: 'OWN_RULE' };
  const theirs = prevailing(groups, (group) => group.models.get(name), 'blocked');
  if (theirs) return { says: theirs, tier: 'GROUP_RULES' };
  return access && { says: access, tier: 'MODEL' };
}

/** The last three, which are the same for every model. */
function defaultOf(
  { defaults }: Config,
  own: AccessRules | undefined,
  groups: readonly AccessRules[],
): Ruling {
  const theirs = prevailing(groups, (group) => group.default, 'allowed');
  if (theirs) return { says: theirs, tier: 'GROUP_DEFAULTS' };
  if (own?.default) return { says: own.default, tier: 'OWN_DEFAULT' };
  return { says: defaults.access, tier: 'DEFAULT' };
}

/** The winner when one of the groups says it, else whatever they say, else nothing. */
function prevailing(
  groups: readonly AccessRules[],
  of: (group: AccessRules) => Access | null | undefined,
  winner: Access,
): Access | null {
  let found: Access | null = null;
  for (const group of groups) {
    const says = of(group);
    if (says === winner) return says;
    found = says ?? found;
  }
  return found;
}
