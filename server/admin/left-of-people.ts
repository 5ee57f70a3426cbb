import { type RawBuilder, sql } from 'kysely';
import { groupAccounts } from '../analytics/group-accounts.ts';
import { isLimited } from '../budget/pool.ts';
import type { Config, PoolPolicy } from '../config/config.ts';

/**
 * What people can spend, to put them in order: rows of `account_id` and `amount`, infinite where nothing is ever taken,
 * null where nothing pays. It is `poolPolicy` and `refill` for everybody in one statement; what is shown comes from those.
 */
export function leftOfPeople(config: Config): RawBuilder<unknown> {
  const { people, groups, defaults } = config;
  const granted = [...groups].filter(([, { pool }]) => pool?.max !== 0n);
  return sql`
    select a.id as account_id, case
      when p.max = 0 then null
      when p.max = 'Infinity' then p.max
      when w.unit is distinct from p.unit then p.starting
      else greatest(w.balance, least(p.max,
        w.balance + p.refresh * extract(epoch from now() - w.refilled_at) / 3600)) - w.held
      end as amount
    from account a
    left join (${policies(people)}) n on n.name = a.email
    left join account_limit o on o.account_id = a.id
    left join (
      select distinct on (account_id) * from (${groupAccounts(config)}) m
      join (${policies(granted)}) g on g.name = m.group_name order by account_id, max desc
    ) g on g.account_id = a.id
    left join (${policies([['', { pool: defaults.pool }]])}) d on true
    cross join lateral (
      select coalesce(n.unit, o.unit, g.unit, d.unit) as unit,
        coalesce(n.max, case when o.account_id is not null then coalesce(o.max::numeric, 'Infinity') end, g.max, d.max) as max,
        coalesce(n.refresh, o.refresh_per_hour, g.refresh, d.refresh) as refresh,
        coalesce(n.starting, o.starting, g.starting, d.starting) as starting
    ) p
    left join pool w on w.account_id = a.id
    where a.kind = 'person' and p.unit is not null`;
}

/** Those that have a policy, as rows. */
function policies(named: Iterable<readonly [string, { readonly pool: PoolPolicy | null }]>) {
  const rows = [...named].flatMap(([name, { pool }]) => (pool ? [{ name, pool }] : []));
  const maxima = rows.map(({ pool }) => (isLimited(pool) ? String(pool.max) : 'Infinity'));
  return sql`
    select * from unnest(${rows.map(({ name }) => name)}::text[], ${rows.map(({ pool }) => pool.unit)}::text[],
      ${maxima}::numeric[], ${rows.map(({ pool }) => pool.refreshPerHour)}::numeric[],
      ${rows.map(({ pool }) => pool.starting)}::numeric[]) as policy (name, unit, max, refresh, starting)`;
}
