import { Migration } from '@mikro-orm/migrations';

/** A pool remembers by what it refills, a reservation what it counts, and the audit of the ledger how far it has come. */
export class Migration20261122190400 extends Migration {
  override up(): void {
    for (const statements of [terms, timed, sums]) this.addSql(statements);
  }
}

const terms = `
alter table pool
  add column refill_max bigint check (refill_max >= 0),
  add column refill_per_hour bigint check (refill_per_hour >= 0),
  add check ((refill_max is null) = (refill_per_hour is null));
comment on column pool.refill_max is 'Up to where time refills it since refilled_at, in millionths of the unit; null as long as no policy was put in force.';
comment on column pool.refill_per_hour is 'How much time refills since refilled_at; 0 also while nothing, or something unlimited, pays for the account.';
`;

const timed = `
alter table reservation add column is_timed boolean not null default false;
comment on column reservation.is_timed is 'Paid for by its time: input_tokens is the estimated length in seconds, output_tokens is 1 once it was sent.';
`;

const sums = `
create table ledger_sum (
  account_id uuid primary key references account on delete cascade,
  entry_id bigint not null,
  entered bigint not null
);
comment on table ledger_sum is 'Sums of the ledger as the audit left them; the next one adds what was entered since.';
comment on column ledger_sum.entry_id is 'Up to this entry. Those of one account are committed in their order, since its pool is locked meanwhile.';
insert into ledger_sum select account_id, max(id), sum(amount) from ledger_entry group by account_id;
`;
