import { Migration } from '@mikro-orm/migrations';

/** How endpoints and jobs did outlives the process that saw it, and all replicas tell the same. */
export class Migration20261122220300 extends Migration {
  override up(): void {
    for (const statements of [health, jobs]) this.addSql(statements);
  }
}

const health = `
create table health_change (
  id bigint generated always as identity primary key,
  endpoint_id text not null,
  at timestamptz not null,
  health text not null check (health in ('HEALTHY', 'SUSPECT', 'DOWN')),
  why text
);
create index health_change_endpoint on health_change (endpoint_id, at desc, id desc);
comment on table health_change is 'What replicas found the health of an endpoint to be, each for itself; kept for 30 days.';
comment on column health_change.why is 'What went wrong; null when it became healthy.';
`;

const jobs = `
create table job_run (
  name text primary key,
  every_seconds float8 not null,
  replica_id uuid not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  duration_ms float8,
  outcome text check (outcome in ('DONE', 'FAILED'))
);
comment on table job_run is 'The last run of each job, on whichever replica.';
comment on column job_run.ended_at is 'Of the last run that ended, as duration_ms and outcome; null before that. Before started_at while another one is under way.';
`;
