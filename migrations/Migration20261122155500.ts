import { Migration } from '@mikro-orm/migrations';

/** People tell their sessions apart by the browser. */
export class Migration20261122155500 extends Migration {
  override up(): void {
    this.addSql(browsers);
  }
}

const browsers = `
alter table session add column browser text;
comment on column session.browser is 'Such as "Firefox on Linux"; null when it did not tell.';
`;
