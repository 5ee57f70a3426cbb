import { Migration } from '@mikro-orm/migrations';

/** The usage of a large group is read from sums of its own. */
export class Migration20261122220100 extends Migration {
  override up(): void {
    for (const statements of [cohorts, totals]) this.addSql(statements);
  }
}

const cohorts = `
create table usage_cohort (
  id bigint generated always as identity primary key,
  group_name text not null,
  account_ids uuid[] not null,
  until timestamptz not null,
  replaced_at timestamptz,
  is_one boolean not null default true references usage_rolled on delete cascade
);
comment on table usage_cohort is 'The accounts of a group as they were when their usage was summed; who came and went since is added and taken off when it is read.';
comment on column usage_cohort.until is 'Up to when there are sums; midnight in UTC.';
comment on column usage_cohort.replaced_at is 'Since when nobody begins to read it: a newer one is complete, or the group is gone.';
comment on column usage_cohort.is_one is 'What is rolled up is begun anew when slices that are over were changed, and so are these.';

create table usage_cohort_rollup (
  cohort_id bigint not null references usage_cohort on delete cascade,
  span text not null check (span in ('day', 'week', 'month')),
  model text not null,
  source text not null,
  at timestamptz not null,
  requests bigint not null,
  errors bigint not null,
  input_tokens bigint not null,
  cached_input_tokens bigint not null,
  output_tokens bigint not null,
  reasoning_tokens bigint not null,
  audio_seconds double precision not null,
  cost bigint not null,
  quarters smallint[],
  quarter_requests bigint[],
  primary key (cohort_id, span, model, source, at)
);
comment on table usage_cohort_rollup is 'What the accounts of a cohort used together in days, weeks and months (UTC); model and source are empty in rows for all of them.';
`;

const totals = `
create index usage_rollup_total on usage_rollup (span, model, source, at)
  where account_id <> '00000000-0000-0000-0000-000000000000';
`;
