import type { Config, GroupConfig, GroupRule } from '../config/config.ts';

/** What an institution tells of a person, by the names of the claims: texts, lists of texts, or anything else. */
export type Claims = Readonly<Record<string, unknown>>;

/** Names of the groups whose rules hold for these claims. */
export const matchingGroups = (config: Pick<Config, 'groups'>, claims: Claims): string[] =>
  [...config.groups.values()].filter((group) => matches(group, claims)).map(({ name }) => name);

/** A group without rules is nobody's by rule. */
function matches({ rules, match }: GroupConfig, claims: Claims): boolean {
  if (rules.length === 0) return false;
  const isMet = (rule: GroupRule) => holds(rule, claims);
  return match === 'all' ? rules.every(isMet) : rules.some(isMet);
}

/** What is not told, or told as something other than text, meets no rule. */
function holds({ field, contains, equals }: GroupRule, claims: Claims): boolean {
  const claim = Object.hasOwn(claims, field) ? claims[field] : undefined;
  if (typeof claim !== 'string' && !Array.isArray(claim)) return false;
  if (equals !== null && claim !== equals) return false;
  return contains === null || claim.includes(contains);
}

/** The claims that some rule looks at. */
export const claimsOfRules = ({ groups }: Pick<Config, 'groups'>): Set<string> =>
  new Set([...groups.values()].flatMap(({ rules }) => rules.map(({ field }) => field)));
