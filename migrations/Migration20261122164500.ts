import { Migration } from '@mikro-orm/migrations';

/** Usage can be asked by key, in any time zone and for everybody, without reading the request log. */
export class Migration20261122164500 extends Migration {
  override up(): void {
    for (const statements of [slices, failures, rollups, backfill]) this.addSql(statements);
  }
}

const sums = `
  requests bigint not null default 0,
  errors bigint not null default 0,
  input_tokens bigint not null default 0,
  cached_input_tokens bigint not null default 0,
  output_tokens bigint not null default 0,
  reasoning_tokens bigint not null default 0,
  audio_seconds double precision not null default 0,
  cost bigint not null default 0`;

const slices = `
alter table request_log add column audio_seconds double precision not null default 0;
comment on column request_log.audio_seconds is 'Length of the audio that the model heard.';

create table usage_slice (
  account_id uuid not null,
  at timestamptz not null,
  model text not null,
  source text not null,
  api_key_id uuid not null,
  ${sums},
  primary key (account_id, at, model, source, api_key_id)
);
create index usage_slice_at on usage_slice (at);
comment on table usage_slice is 'The request log summed by the quarter of an hour, in which every time zone has its hours; written in the transaction that settles.';
comment on column usage_slice.api_key_id is 'All zeros for requests without a key.';
`;

const failures = `
create table endpoint_failure (
  at timestamptz not null,
  model text not null,
  endpoint_id text not null,
  failure_code text not null,
  failures bigint not null,
  primary key (at, model, endpoint_id, failure_code)
);
comment on table endpoint_failure is 'Failed requests by the quarter of an hour; endpoint_id is empty for those that reached none.';
`;

const rollups = `
create table usage_rollup (
  account_id uuid not null,
  span text not null check (span in ('quarter', 'day', 'week', 'month')),
  model text not null,
  source text not null,
  api_key_id uuid not null,
  at timestamptz not null,
  ${sums},
  quarters smallint[],
  quarter_requests bigint[],
  primary key (account_id, span, model, source, at, api_key_id)
);
create index usage_rollup_of on usage_rollup (account_id, span, at);
create index usage_rollup_at on usage_rollup (span, model, at)
  where account_id <> '00000000-0000-0000-0000-000000000000';
comment on table usage_rollup is 'Slices that are over, summed up by a job: days, weeks and months (UTC) of each account, and everybody''s, also by the quarter of an hour.';
comment on column usage_rollup.account_id is 'All zeros for everybody together.';
comment on column usage_rollup.model is 'Empty in the rows for all models together, of each source and of all.';
comment on column usage_rollup.source is 'Empty in the rows for all sources together: for all models, and of everybody also for each.';
comment on column usage_rollup.api_key_id is 'All zeros for requests without a key, and in rows for all keys together: those of everybody, and those for all models.';
comment on column usage_rollup.quarters is 'Of days: the quarters of an hour in which there were requests, counted from 0; quarter_requests says how many.';

create table usage_rolled (
  is_one boolean primary key default true check (is_one),
  until timestamptz not null
);
comment on table usage_rolled is 'Up to when there are rollups; one row, or none before the first.';
`;

const backfill = `
insert into usage_slice (account_id, at, model, source, api_key_id, requests, errors, input_tokens, cached_input_tokens,
  output_tokens, reasoning_tokens, cost)
select account_id, date_bin('15 minutes', at, 'epoch'), model, source,
  coalesce(api_key_id, '00000000-0000-0000-0000-000000000000'), count(*), count(*) filter (where outcome = 'failed'),
  sum(input_tokens), sum(cached_input_tokens), sum(output_tokens), sum(reasoning_tokens), sum(cost)
from request_log group by 1, 2, 3, 4, 5;
insert into endpoint_failure
select date_bin('15 minutes', at, 'epoch'), model, coalesce(endpoint_id, ''), coalesce(failure_code, 'INTERNAL'), count(*)
from request_log where outcome = 'failed' group by 1, 2, 3, 4;
`;
