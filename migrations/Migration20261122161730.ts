import { Migration } from '@mikro-orm/migrations';

/** Administrators say what single accounts have, and the ledger can not be changed. */
export class Migration20261122161730 extends Migration {
  override up(): void {
    for (const statements of [limits, appendOnly]) this.addSql(statements);
  }
}

const limits = `
create table account_limit (
  account_id uuid primary key references account on delete cascade,
  unit text not null check (unit in ('coins', 'tokens')),
  max bigint check (max >= 0),
  refresh_per_hour bigint not null check (refresh_per_hour >= 0),
  starting bigint not null check (starting >= 0),
  set_at timestamptz not null default now()
);
comment on table account_limit is 'Pools that administrators gave single accounts, instead of those that groups and defaults grant.';
comment on column account_limit.max is 'Millionths of the unit, as the other amounts; null is unlimited, 0 grants nothing.';
`;

// For each statement, so that one which finds no row is refused as well.
const appendOnly = `
create function ledger_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger ledger_entry_append_only before update or delete or truncate on ledger_entry
  for each statement execute function ledger_is_append_only();
`;
