import { Migration } from '@mikro-orm/migrations';

/** Administrators see everybody at a glance, people limit their own months and may ask to be forgotten. */
export class Migration20261122190300 extends Migration {
  override up(): void {
    for (const statements of [seen, totals, months, deletions]) this.addSql(statements);
  }
}

// Sessions that are open know it themselves, so that using one writes no second row.
const seen = `
alter table account add column seen_at timestamptz;
comment on column account.seen_at is 'When a session that has ended since was used last.';

create function session_was_seen() returns trigger language plpgsql as $$
begin
  update account set seen_at = greatest(seen_at, old.seen_at) where id = old.account_id;
  return null;
end $$;
create trigger session_was_seen after delete on session for each row execute function session_was_seen();
`;

const totals = `
create table account_usage (
  account_id uuid primary key,
  requests bigint not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  cost bigint not null
);
comment on table account_usage is 'All that accounts used up to usage_rolled.totals_until; what came later is in usage_slice.';
alter table usage_rolled add column totals_until timestamptz;
comment on column usage_rolled.totals_until is 'Up to when account_usage is summed; null before the first time.';

insert into account_usage
select account_id, sum(requests), sum(input_tokens), sum(output_tokens), sum(cost)
from usage_slice where at < (select until from usage_rolled) group by account_id;
update usage_rolled set totals_until = until;
`;

const months = `
create table monthly_limit (
  account_id uuid primary key references account on delete cascade,
  max bigint not null check (max >= 0),
  set_at timestamptz not null default now()
);
comment on table monthly_limit is 'What people allow themselves to spend in a calendar month (UTC), whatever their pool holds.';
comment on column monthly_limit.max is 'Micro-coins.';

alter table reservation add column monthly_amount bigint not null default 0 check (monthly_amount >= 0);
create index reservation_monthly on reservation (account_id) where monthly_amount > 0;
comment on column reservation.monthly_amount is 'Micro-coins held of the monthly limit; 0 when the account has none.';
`;

const deletions = `
alter table account add column deleted_at timestamptz;
comment on column account.deleted_at is 'Since when nothing is left of a person but a row without a name, for ledger and usage to refer to.';

create table deletion_request (
  account_id uuid primary key references account on delete cascade,
  asked_at timestamptz not null default now(),
  note text
);
comment on table deletion_request is 'People who asked for their account to be deleted, until an administrator has decided.';
`;
