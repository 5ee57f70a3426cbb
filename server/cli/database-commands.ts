import { Command } from 'commander';
import { sql } from 'kysely';
import { JSON_OPTION, type Output, tell } from './result.ts';
import { withStore } from './store-command.ts';

/** The store brings the database to the newest schema when it is opened. */
const prepared = (): Promise<{ readonly migrations: readonly string[] }> =>
  withStore(async (ctx) => {
    const { rows } = await sql<{ name: string }>`select name from migration order by id`.execute(
      ctx.sql,
    );
    return { migrations: rows.map(({ name }) => name) };
  });

export const initDb = (): Command =>
  new Command('init-db')
    .description(
      'make the database ready for use; models and groups need no rows, they are read from config.yaml',
    )
    .option(...JSON_OPTION)
    .action(async (output: Output) => tell(output, await prepared(), 'The database is ready.'));

export const migrateDb = (): Command =>
  new Command('migrate')
    .description(
      'bring the database to the newest schema; the server does so by itself when it starts',
    )
    .option(...JSON_OPTION)
    .action(async (output: Output) =>
      tell(output, await prepared(), 'The database has the newest schema.'),
    );
