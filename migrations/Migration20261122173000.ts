import { Migration } from '@mikro-orm/migrations';

/** A mutation sent again with its idempotency key is answered, not run again. */
export class Migration20261122173000 extends Migration {
  override up(): void {
    this.addSql(`
create table idempotency_key (
  account_id uuid not null references account on delete cascade,
  key text not null,
  digest bytea not null,
  state text not null default 'running' check (state in ('running', 'done')),
  response text,
  created_at timestamptz not null default now(),
  primary key (account_id, key)
);
create index idempotency_key_created on idempotency_key (created_at);
comment on table idempotency_key is 'Mutations that were sent with an Idempotency-Key in the last day, and their answers.';
comment on column idempotency_key.digest is 'SHA-256 of the operation: its text, its variables and its name.';
comment on column idempotency_key.state is 'What stays running ended with its process; nobody knows how far it came.';
comment on column idempotency_key.response is 'JSON; null while it runs, and for an answer that holds a secret or is too large.';
`);
  }
}
