import { ownSettings } from '../account/own-settings.ts';
import type { Config, GroupConfig } from '../config/config.ts';
import type { Subject } from '../context.ts';

type Member = Pick<Subject, 'kind' | 'email' | 'slug' | 'groups'>;

/** Asked several times for each request, of one account in one configuration; neither ever changes in place. */
const known = new WeakMap<
  Member,
  { readonly config: Config; readonly groups: readonly GroupConfig[] }
>();

/** The groups that an account is in, as far as they are defined; people are always in `default`, projects are not. */
export function groupsOf(config: Config, account: Member): readonly GroupConfig[] {
  const latest = known.get(account);
  if (latest?.config === config) return latest.groups;
  const groups = groupsIn(config, account);
  known.set(account, { config, groups });
  return groups;
}

function groupsIn(config: Config, account: Member): readonly GroupConfig[] {
  const everybody = account.kind === 'person' ? groupsOfPeople(config, account.email) : [];
  const own = ownSettings(config, account)?.groups ?? [];
  const names = new Set([...everybody, ...own, ...account.groups]);
  return [...names].flatMap((name) => config.groups.get(name) ?? []);
}

/** By name. */
export const groupNamesOf = (...[config, account]: Parameters<typeof groupsOf>): string[] =>
  groupsOf(config, account)
    .map(({ name }) => name)
    .sort();

/** Names of the groups that the configuration puts people into without naming them below `users`. */
function groupsOfPeople({ app, defaults }: Config, email: string | null): string[] {
  const developer = app.devUser?.email === email ? (app.devUser?.groups ?? []) : [];
  return ['default', ...defaults.groups, ...developer];
}
