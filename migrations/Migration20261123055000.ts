import { Migration } from '@mikro-orm/migrations';

/** Every table says what it is for. */
export class Migration20261123055000 extends Migration {
  override up(): void {
    for (const [table, comment] of Object.entries(COMMENTS))
      this.addSql(`comment on table ${table} is '${comment}'`);
  }
}

const COMMENTS = {
  acknowledgement:
    'Of which models an account has accepted the terms, when, and what they said then.',
  api_key: 'What opens the API for an account; of the key itself only a digest and a hint.',
  conversation: 'A tree of messages, and how it is shown and asked.',
  group_member: 'Who is in which group, and whether a rule or an administrator put them there.',
  session: 'Where a person is signed in; of the secret in the cookie only a digest.',
};
