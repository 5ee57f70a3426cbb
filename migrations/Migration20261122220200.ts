import { Migration } from '@mikro-orm/migrations';

/** What was imported is known again, so that an import that was broken off can be begun anew. */
export class Migration20261122220200 extends Migration {
  override up(): void {
    this.addSql(imported);
  }
}

const imported = `
alter table conversation add column imported_digest text;
comment on column conversation.imported_digest is 'SHA-256 of what a file had of it; null unless it was imported.';
create index conversation_imported on conversation (owner_id, imported_digest) where imported_digest is not null;
`;
