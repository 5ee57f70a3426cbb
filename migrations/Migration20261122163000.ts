import { Migration } from '@mikro-orm/migrations';

/** The chat that people live in: shown branches, settings, folders, feedback, prompts, and search. */
export class Migration20261122163000 extends Migration {
  override up(): void {
    for (const statements of [folders, conversations, messages, search, prompts])
      this.addSql(statements);
  }
}

const folders = `
create table conversation_folder (
  id uuid primary key,
  owner_id uuid not null references account on delete cascade,
  name text not null,
  created_at timestamptz not null default now()
);
create unique index conversation_folder_owner on conversation_folder (owner_id, lower(name));
comment on table conversation_folder is 'Where people keep their conversations; a conversation is in one folder or in none.';
`;

const conversations = `
alter table conversation
  add column active_message_id uuid,
  add column settings jsonb not null default '{}',
  add column is_temporary boolean not null default false,
  add column pinned_at timestamptz,
  add column folder_id uuid references conversation_folder on delete set null,
  add column purge_at timestamptz;
create index conversation_folder_id on conversation (folder_id) where folder_id is not null;
create index conversation_purge on conversation (purge_at) where purge_at is not null;
create index conversation_hidden on conversation (owner_id, updated_at desc, id desc) where hidden_at is not null;
comment on column conversation.active_message_id is 'The last message of the branch that is shown; null is the newest.';
comment on column conversation.settings is 'System prompt and parameters that the next answer is made with.';
comment on column conversation.is_temporary is 'Never listed and never found; gone a day after it was used last.';
comment on column conversation.purge_at is 'When the row goes: of temporary conversations, and of those that were deleted for good.';
`;

const messages = `
alter table message
  add column settings jsonb,
  add column finish_reason text,
  add column rating text check (rating in ('up', 'down')),
  add column rating_note text;
comment on column message.settings is 'System prompt and parameters that an answer was made with.';
comment on column message.finish_reason is 'Why the model ended its answer, in its own words: stop, length.';
comment on column message.rating_note is 'What a person had to say about an answer.';
`;

// The owner is one more word of what is searched, so that one index finds words and owner together. While an answer
// grows it is not searched: to save it touches no index. A tsvector holds 1 MB at most.
const search = `
create table searched_text (
  conversation_id uuid not null references conversation on delete cascade,
  message_id uuid,
  words tsvector not null,
  unique nulls not distinct (conversation_id, message_id)
);
comment on table searched_text is 'What search finds: titles, and messages that have ended. Kept by triggers.';
comment on column searched_text.message_id is 'Null for the title.';
comment on column searched_text.words is 'In the simple dictionary, and the owner of the conversation as @id.';

create function message_is_searched() returns trigger language plpgsql as $$
begin
  insert into searched_text (conversation_id, message_id, words)
    select id, new.id, to_tsvector('simple', left(new.content, 100000)) || array_to_tsvector(array['@' || owner_id::text])
    from conversation where id = new.conversation_id
    on conflict (conversation_id, message_id) do update set words = excluded.words;
  return null;
end $$;
create trigger message_is_searched after insert or update of content, status on message for each row
  when (new.status <> 'streaming' and new.content <> '') execute function message_is_searched();

create function title_is_searched() returns trigger language plpgsql as $$
begin
  insert into searched_text (conversation_id, words)
    values (new.id, setweight(to_tsvector('simple', new.title), 'A') || array_to_tsvector(array['@' || new.owner_id::text]))
    on conflict (conversation_id, message_id) do update set words = excluded.words;
  return null;
end $$;
create trigger title_is_searched after insert or update of title on conversation for each row
  execute function title_is_searched();

insert into searched_text (conversation_id, words)
  select id, setweight(to_tsvector('simple', title), 'A') || array_to_tsvector(array['@' || owner_id::text]) from conversation;
insert into searched_text (conversation_id, message_id, words)
  select c.id, m.id, to_tsvector('simple', left(m.content, 100000)) || array_to_tsvector(array['@' || c.owner_id::text])
  from message m join conversation c on c.id = m.conversation_id where m.status <> 'streaming' and m.content <> '';
create index searched_text_words on searched_text using gin (words) with (gin_pending_list_limit = 256);
`;

const prompts = `
create table saved_prompt (
  id uuid primary key,
  owner_id uuid not null references account on delete cascade,
  title text not null,
  content text not null,
  group_name text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index saved_prompt_owner on saved_prompt (owner_id);
create index saved_prompt_group on saved_prompt (group_name) where group_name is not null;
comment on table saved_prompt is 'Texts that people keep to begin messages with.';
comment on column saved_prompt.group_name is 'The group whose members may use it as well; null when it is the owner''s alone.';
`;
