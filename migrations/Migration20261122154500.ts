import { Migration } from '@mikro-orm/migrations';

/** Endpoints that administrators took out of rotation. */
export class Migration20261122154500 extends Migration {
  override up(): void {
    this.addSql(`
create table endpoint_withdrawal (
  endpoint_id text primary key,
  at timestamptz not null default now(),
  reason text
);
comment on table endpoint_withdrawal is 'Endpoints that get no requests until an administrator puts them back.';
comment on column endpoint_withdrawal.endpoint_id is 'Digest of address, key and model name, as in the request log.';
`);
  }
}
