import { Migration } from '@mikro-orm/migrations';

/** Who may do what: groups made by hand, memberships, acknowledgements, key terms, projects' managers, the audit trail. */
export class Migration20261122120000 extends Migration {
  override up(): void {
    for (const statements of [groups, keys, projects, sessions, audit]) this.addSql(statements);
  }
}

const groups = `
create table manual_group (
  name text primary key,
  description text not null default '',
  is_active boolean not null default true,
  pool jsonb,
  access jsonb not null default '{}',
  created_at timestamptz not null default now()
);
comment on table manual_group is 'Groups that administrators made by hand; those of the configuration are not rows.';
comment on column manual_group.pool is 'unit, max, refresh and starting as in config.yaml; null when it grants no pool.';
comment on column manual_group.access is 'default, allowed and blocked as model_access in config.yaml.';

create table group_member (
  group_name text not null,
  account_id uuid not null references account on delete cascade,
  origin text not null check (origin in ('rule', 'manual')),
  created_at timestamptz not null default now(),
  primary key (group_name, account_id, origin)
);
create index group_member_account on group_member (account_id);
comment on column group_member.origin is 'rule: comes and goes at sign-in. manual: touched by administrators only.';

create table acknowledgement (
  account_id uuid not null references account on delete cascade,
  model text not null,
  text_hash bytea not null,
  at timestamptz not null default now(),
  primary key (account_id, model)
);
comment on column acknowledgement.text_hash is 'SHA-256 of the text that was shown.';
`;

const keys = `
alter table api_key
  add column expires_at timestamptz,
  add column scopes text[] not null default '{chat,models,usage,graphql}',
  add column cost_max bigint check (cost_max >= 0),
  add column last_address_class text;
alter table reservation add column key_amount bigint not null default 0 check (key_amount >= 0);
create index reservation_key on reservation (api_key_id) where key_amount > 0;
comment on column reservation.key_amount is 'Micro-coins held of what the API key may cost; 0 when it has no cap.';
comment on column api_key.cost_max is 'Micro-coins that the key may cost in all; null is no limit.';
comment on column api_key.last_address_class is 'loopback, private or public: where it was used from last, and no more than that.';
`;

const projects = `
alter table account add column slug text unique;
update account set slug = id::text where kind = 'project';
alter table account add check ((kind = 'project') = (slug is not null));
comment on column account.slug is 'Name of a project in addresses and in config.yaml; null for people.';

create table project_member (
  project_id uuid not null references account on delete cascade,
  person_id uuid not null references account on delete cascade,
  is_owner boolean not null default false,
  created_at timestamptz not null default now(),
  primary key (project_id, person_id)
);
create unique index project_member_owner on project_member (project_id) where is_owner;
create index project_member_person on project_member (person_id);
comment on table project_member is 'Who manages a project; at most one of them owns it.';
`;

const sessions = `
alter table session add column id uuid not null unique default gen_random_uuid();
comment on column session.id is 'Names the session to its owner; opens nothing.';
`;

const audit = `
create table audit_entry (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  actor_id uuid,
  action text not null,
  subject_kind text not null,
  subject text not null,
  before jsonb,
  after jsonb,
  reason text
);
create index audit_entry_at on audit_entry (at desc, id desc);
create index audit_entry_subject on audit_entry (subject_kind, subject, id desc);
comment on table audit_entry is 'Append-only: who did what to whom, written in the transaction of the change.';
comment on column audit_entry.actor_id is 'Null for Lumen itself, and for commands on the server.';
`;
