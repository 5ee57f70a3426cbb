/** Brings a database to the newest schema; safe to call from several processes at once. */
import { join } from 'node:path';
import { Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { fail } from '../kernel/failure.ts';
import { PACKAGE_ROOT } from '../kernel/package-root.ts';

/** Any constant will do: it names "Lumen is migrating" among the advisory locks of the database. */
const MIGRATION_LOCK = 5_861_342;

/** The build compiles them, since Node's own compiler of TypeScript would keep 14 MB for the life of the process. */
const IS_BUILT = !import.meta.filename.endsWith('.ts');
const MIGRATIONS_FOLDER = join(PACKAGE_ROOT, ...(IS_BUILT ? ['dist'] : []), 'migrations');

/**
 * Runs the migrations that the database lacks, in order, all or none. Gives the names of those that it ran.
 *
 * @throws Failure INVALID when the database can't be reached or lets nobody in
 * @param url address of a PostgreSQL 15 or newer
 * @param folder where the migrations lie, as TypeScript or compiled
 */
export async function migrate(url: string, folder = MIGRATIONS_FOLDER): Promise<readonly string[]> {
  const lock = new pg.Client({ connectionString: url });
  await lock.connect().catch((error) => {
    const { message, code } = error as pg.DatabaseError;
    fail(
      'INVALID',
      `The database can't be used: ${message || code}. Mend app.database.url, or DATABASE_URL.`,
    );
  });
  try {
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    return await runMigrations(url, folder);
  } finally {
    await lock.end();
  }
}

async function runMigrations(url: string, folder: string): Promise<readonly string[]> {
  const orm = await MikroORM.init({
    clientUrl: url,
    entities: [],
    discovery: { warnWhenNoEntities: false },
    extensions: [Migrator],
    migrations: {
      path: folder,
      pathTs: folder,
      glob: 'Migration*.{js,ts}',
      tableName: 'migration',
      snapshot: false,
      silent: true,
      allOrNothing: true,
    },
    pool: { min: 0, max: 2 },
  });
  try {
    const done = await orm.migrator.up();
    return done.map((migration) => migration.name);
  } finally {
    await orm.close(true);
  }
}
