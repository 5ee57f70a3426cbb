import { Migration } from '@mikro-orm/migrations';

/** The first schema: accounts, keys, sessions, pools and their ledger, the request log, conversations. */
export class Migration20261122000000 extends Migration {
  override up(): void {
    for (const statements of [accounts, money, usage, chat]) this.addSql(statements);
  }
}

const accounts = `
create table account (
  id uuid primary key,
  kind text not null check (kind in ('person', 'project')),
  email text unique,
  name text not null,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  check ((kind = 'person') = (email is not null))
);
comment on table account is 'People and projects: whoever owns keys, a pool and usage.';
comment on column account.email is 'Normalised: trimmed, NFC, lower case. People only.';

create table identity (
  issuer text not null,
  subject text not null,
  account_id uuid not null references account on delete cascade,
  created_at timestamptz not null default now(),
  primary key (issuer, subject)
);
create index identity_account on identity (account_id);
comment on table identity is 'Who an identity provider says somebody is; an address may change, this pair does not.';

create table session (
  token_hash bytea primary key,
  account_id uuid not null references account on delete cascade,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index session_account on session (account_id);
create index session_expiry on session (expires_at);
comment on column session.token_hash is 'SHA-256 of the random token in the cookie: the table alone opens no session.';

create table api_key (
  id uuid primary key,
  account_id uuid not null references account on delete cascade,
  name text not null,
  hash bytea not null unique,
  hint text not null,
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  last_used_at timestamptz,
  requests bigint not null default 0,
  input_tokens bigint not null default 0,
  output_tokens bigint not null default 0,
  cost bigint not null default 0
);
create index api_key_account on api_key (account_id, created_at);
comment on column api_key.hash is 'HMAC-SHA-256 of the key under the encryption key.';
comment on column api_key.cost is 'Micro-coins.';
`;

const money = `
create table replica (
  id uuid primary key,
  started_at timestamptz not null default now(),
  heartbeat_at timestamptz not null default now()
);
comment on table replica is 'Running processes. What a process with a lapsed heartbeat left open is settled by the others.';

create table pool (
  account_id uuid primary key references account on delete cascade,
  unit text not null check (unit in ('coins', 'tokens')),
  balance bigint not null,
  held bigint not null default 0 check (held >= 0),
  refilled_at timestamptz not null
);
comment on table pool is 'What an account has. balance is the sum of its ledger entries, held the sum of its open reservations.';
comment on column pool.balance is 'Millionths of the unit.';
comment on column pool.refilled_at is 'Up to when refill has been credited.';

create table ledger_entry (
  id bigint generated always as identity primary key,
  account_id uuid not null references account,
  kind text not null check (kind in ('opening', 'refill', 'settle', 'grant', 'reset')),
  amount bigint not null,
  request_id uuid,
  at timestamptz not null default now()
);
create index ledger_entry_account on ledger_entry (account_id, id);
create unique index ledger_entry_request on ledger_entry (request_id) where request_id is not null;
comment on table ledger_entry is 'Append-only: every change of a pool''s balance. A request settles at most once.';

create table reservation (
  request_id uuid primary key,
  account_id uuid not null references account,
  api_key_id uuid,
  replica_id uuid not null,
  source text not null check (source in ('chat', 'api')),
  model text not null,
  is_pooled boolean not null,
  amount bigint not null check (amount >= 0),
  input_price bigint not null,
  output_price bigint not null,
  input_tokens integer not null,
  output_tokens integer not null default 0,
  opened_at timestamptz not null default now()
);
create index reservation_replica on reservation (replica_id);
comment on table reservation is 'Open requests. A row is deleted in the transaction that settles or releases it.';
comment on column reservation.amount is 'Millionths of the pool''s unit held; 0 when unlimited.';
comment on column reservation.input_price is 'Pico-coins per million tokens, as agreed when the request was admitted.';
comment on column reservation.output_tokens is 'Estimate of what was produced so far, for a process that dies.';
`;

const usage = `
create table request_log (
  id uuid not null,
  at timestamptz not null,
  account_id uuid not null,
  api_key_id uuid,
  model text not null,
  endpoint_id text,
  source text not null check (source in ('chat', 'api')),
  outcome text not null check (outcome in ('finished', 'stopped', 'interrupted', 'failed')),
  failure_code text,
  input_tokens integer not null default 0,
  cached_input_tokens integer not null default 0,
  output_tokens integer not null default 0,
  reasoning_tokens integer not null default 0,
  is_estimated boolean not null default false,
  cost bigint not null default 0,
  first_token_ms integer,
  duration_ms integer not null,
  primary key (id, at)
) partition by range (at);
create table request_log_rest partition of request_log default;
create index request_log_account on request_log (account_id, at desc);
comment on table request_log is 'One row per request, partitioned by month.';
comment on column request_log.cost is 'Micro-coins at the prices agreed at admission, whatever the pool''s unit.';
comment on table request_log_rest is 'Catches rows of months without a partition of their own.';

create table usage_hour (
  hour timestamptz not null,
  account_id uuid not null references account on delete cascade,
  model text not null,
  source text not null check (source in ('chat', 'api')),
  requests bigint not null default 0,
  input_tokens bigint not null default 0,
  output_tokens bigint not null default 0,
  cost bigint not null default 0,
  last_at timestamptz not null,
  primary key (account_id, hour, model, source)
);
comment on table usage_hour is 'The request log summed by the hour, written in the transaction that settles.';
`;

const chat = `
create table conversation (
  id uuid primary key,
  owner_id uuid not null references account on delete cascade,
  title text not null,
  model text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  hidden_at timestamptz
);
create index conversation_owner on conversation (owner_id, updated_at desc, id desc) where hidden_at is null;
comment on column conversation.model is 'The model that was asked last.';

create table message (
  id uuid primary key,
  conversation_id uuid not null references conversation on delete cascade,
  parent_id uuid references message on delete cascade,
  role text not null check (role in ('user', 'assistant')),
  status text not null check (status in ('streaming', 'finished', 'stopped', 'interrupted', 'failed')),
  model text,
  content text not null default '',
  reasoning text not null default '',
  input_tokens integer,
  output_tokens integer,
  reasoning_tokens integer,
  cost bigint,
  first_token_ms integer,
  duration_ms integer,
  failure_code text,
  failure_message text,
  replica_id uuid,
  created_at timestamptz not null default now(),
  finished_at timestamptz
);
create index message_conversation on message (conversation_id, id);
create index message_parent on message (parent_id);
create index message_streaming on message (replica_id) where status = 'streaming';
comment on table message is 'A tree: parent_id is the message that this one answers or follows. An answer''s id is its request''s id.';
`;
