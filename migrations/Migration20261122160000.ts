import { Migration } from '@mikro-orm/migrations';

/** A replica that is asked often for one account holds a slice of its pool, and lets requests in inside of it. */
export class Migration20261122160000 extends Migration {
  override up(): void {
    this.addSql(leases);
  }
}

const leases = `
create table pool_lease (
  replica_id uuid not null,
  account_id uuid not null references account on delete cascade,
  amount bigint not null check (amount >= 0),
  primary key (account_id, replica_id)
);
create index pool_lease_replica on pool_lease (replica_id);
comment on table pool_lease is 'Slices of pools that running replicas hold; pool.held is the sum of these and of the reservations.';
comment on column pool_lease.amount is 'Millionths of the pool''s unit.';
`;
