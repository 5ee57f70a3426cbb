import { Migration } from '@mikro-orm/migrations';

/** Files that people upload for their messages. */
export class Migration20261122190000 extends Migration {
  override up(): void {
    this.addSql(`
create table upload (
  id uuid primary key,
  account_id uuid not null references account on delete cascade,
  conversation_id uuid references conversation on delete cascade,
  name text not null,
  media_type text not null,
  size integer not null check (size > 0),
  bytes bytea not null,
  text text,
  is_cut boolean not null default false,
  width integer,
  height integer,
  created_at timestamptz not null default date_trunc('milliseconds', now())
);
alter table upload alter column bytes set storage external;
create index upload_unsent on upload (account_id, created_at) where conversation_id is null;
create index upload_conversation on upload (conversation_id) where conversation_id is not null;
comment on table upload is 'Files that people upload for their messages. What was never sent is purged after a day.';
comment on column upload.conversation_id is 'Null until it is sent; it goes with the conversation.';
comment on column upload.bytes is 'The file itself: in the database, so that every replica and every backup has it.';
comment on column upload.text is 'What models read of it, up to chat.upload.max_text_chars; null for an image.';
comment on column upload.is_cut is 'Whether the file has more text than that.';
comment on column upload.width is 'Pixels, as the head of the image says; null for a document.';

create table message_upload (
  message_id uuid not null references message on delete cascade,
  upload_id uuid not null references upload on delete cascade,
  position smallint not null,
  primary key (message_id, upload_id)
);
create index message_upload_upload on message_upload (upload_id);
comment on table message_upload is 'Which files a message came with; a message that was edited shares them with its first form.';
`);
  }
}
