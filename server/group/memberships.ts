import { ownSettings } from '../account/own-settings.ts';
import type { Config, GroupConfig } from '../config/config.ts';
import type { Subject } from '../context.ts';

/** The groups that an account is in, as far as they are defined; people are always in `default`, projects are not. */
export function groupsOf(
  config: Config,
  account: Pick<Subject, 'kind' | 'email' | 'slug' | 'groups'>,
): readonly GroupConfig[] {
  const everybody = account.kind === 'person' ? groupsOfPeople(config, account.email) : [];
  const own = ownSettings(config, account)?.groups ?? [];
  const names = new Set([...everybody, ...own, ...account.groups]);
  return [...names].flatMap((name) => config.groups.get(name) ?? []);
}

/** Names of the groups that the configuration puts people into without naming them below `users`. */
function groupsOfPeople({ app, defaults }: Config, email: string | null): string[] {
  const developer = app.devUser?.email === email ? (app.devUser?.groups ?? []) : [];
  return ['default', ...defaults.groups, ...developer];
}
