import { Migration } from '@mikro-orm/migrations';

/** Lists of what many accounts used in a long time are read from two rows an account. */
export class Migration20261123021500 extends Migration {
  override up(): void {
    this.addSql(until);
  }
}

const until = `
create table usage_until (
  at timestamptz not null,
  model text not null,
  source text not null,
  account_id uuid not null,
  requests bigint not null,
  errors bigint not null,
  input_tokens bigint not null,
  cached_input_tokens bigint not null,
  output_tokens bigint not null,
  reasoning_tokens bigint not null,
  audio_seconds double precision not null,
  cost bigint not null,
  primary key (at, model, source, account_id)
);
comment on table usage_until is 'All that accounts used before the beginning of each month (UTC) since their first, up to usage_rolled.months_until; model is empty in rows for all models, of each source and of all.';
alter table usage_rolled add column months_until timestamptz;
comment on column usage_rolled.months_until is 'The last month that usage_until has rows of; null before the first time.';
`;
