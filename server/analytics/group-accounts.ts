import { sql } from 'kysely';
import type { Config } from '../config/config.ts';

/**
 * Which accounts are in which groups now, as `groupsOf` has it for one: rows of `account_id` and `group_name`.
 */
export function groupAccounts(config: Config) {
  const { groups, people, projects, defaults, app } = config;
  const [emails, groupsOfEmails] = columns([
    ...pairs(people),
    ...(app.devUser?.groups ?? []).map((group) => [app.devUser?.email ?? '', group] as const),
  ]);
  const [slugs, groupsOfSlugs] = columns(pairs(projects));
  const withRules = [...groups.values()].filter(({ rules }) => rules.length > 0);
  return sql`
    select account_id, group_name from (
      select account_id, group_name from group_member
      where origin = 'manual' or group_name = any(${withRules.map(({ name }) => name)}::text[])
      union select a.id, n.group_name from unnest(${emails}::text[], ${groupsOfEmails}::text[]) as n (email, group_name)
        join account a using (email)
      union select a.id, n.group_name from unnest(${slugs}::text[], ${groupsOfSlugs}::text[]) as n (slug, group_name)
        join account a using (slug)
      union select a.id, n from account a, unnest(${projects.get('default')?.groups ?? []}::text[]) as n
        where a.kind = 'project' and a.slug <> all(${[...projects.keys()]}::text[])
      union select a.id, n from account a, unnest(${['default', ...defaults.groups]}::text[]) as n
        where a.kind = 'person'
    ) m where group_name = any(${[...groups.keys()]}::text[])`;
}

type Pair = readonly [string, string];

const pairs = (accounts: Config['people']): Pair[] =>
  [...accounts].flatMap(([name, { groups }]) => groups.map((group) => [name, group] as const));

const columns = (rows: readonly Pair[]) => [rows.map(([a]) => a), rows.map(([, b]) => b)] as const;
