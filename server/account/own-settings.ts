import type { AccountConfig, Config } from '../config/config.ts';
import type { Subject } from '../context.ts';

/** What the file says of one account: a person's block, or a project's, else the one for all projects. */
export function ownSettings(
  config: Pick<Config, 'people' | 'projects'>,
  account: Pick<Subject, 'email' | 'slug'>,
): AccountConfig | undefined {
  const named = namedSettings(config, account);
  return named ?? (account.slug === null ? undefined : config.projects.get('default'));
}

/** The block that names the account; what it says, nobody changes elsewhere. */
export function namedSettings(
  { people, projects }: Pick<Config, 'people' | 'projects'>,
  { email, slug }: Pick<Subject, 'email' | 'slug'>,
): AccountConfig | undefined {
  if (slug !== null) return projects.get(slug);
  return email === null ? undefined : people.get(email);
}
