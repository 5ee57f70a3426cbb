import type { Config, GroupConfig } from '../config/config.ts';
import type { Subject } from '../context.ts';

/** The groups that an account is in, as far as they are defined; people are always in `default`, projects are not. */
export function groupsOf(
  config: Config,
  { kind, email, groups }: Pick<Subject, 'kind' | 'email' | 'groups'>,
): readonly GroupConfig[] {
  const names = new Set(kind === 'person' ? [...groupsOfPerson(config, email), ...groups] : groups);
  return [...names].flatMap((name) => config.groups.get(name) ?? []);
}

/** Names of the groups that the configuration puts a person into without looking at the database. */
function groupsOfPerson({ app, defaults, people }: Config, email: string | null): string[] {
  const own = email === null ? [] : (people.get(email)?.groups ?? []);
  const developer = app.devUser?.email === email ? (app.devUser?.groups ?? []) : [];
  return ['default', ...defaults.groups, ...own, ...developer];
}
