import type { Config, GroupConfig } from '../config/config.ts';
import type { Subject } from '../context.ts';

/** The configured groups that an account is in; people are always in `default`, projects are not. */
export function groupsOf(
  config: Config,
  account: Pick<Subject, 'kind' | 'email' | 'groups'>,
): readonly GroupConfig[] {
  if (account.kind !== 'person' || !account.email) return [];
  const { devUser } = config.app;
  const names = new Set([
    'default',
    ...config.defaults.groups,
    ...account.groups,
    ...(config.people.get(account.email)?.groups ?? []),
    ...(devUser?.email === account.email ? devUser.groups : []),
  ]);
  return [...names].flatMap((name) => config.groups.get(name) ?? []);
}
