import { Migration } from '@mikro-orm/migrations';

/** The audit trail can be asked by anything that its filter names, and can not be changed. */
export class Migration20261122153000 extends Migration {
  override up(): void {
    for (const statements of [indexes, appendOnly]) this.addSql(statements);
  }
}

const indexes = `
create index audit_entry_actor on audit_entry (actor_id, at desc, id desc);
create index audit_entry_action on audit_entry (action, at desc, id desc);
create index audit_entry_subject_at on audit_entry (subject, at desc, id desc);
`;

// For each statement, so that one which finds no row is refused as well.
const appendOnly = `
create function audit_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the audit trail is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger audit_entry_append_only before update or delete or truncate on audit_entry
  for each statement execute function audit_is_append_only();
`;
