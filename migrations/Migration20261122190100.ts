import { Migration } from '@mikro-orm/migrations';

/** How long a model thought is still known when nobody watched. */
export class Migration20261122190100 extends Migration {
  override up(): void {
    this.addSql(`
alter table message add column reasoning_ms integer;
comment on column message.reasoning_ms is 'Milliseconds from the first thought to the first word; null when it did not think.';
`);
  }
}
