import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { startEmbedded } from '../../server/db/embedded.ts';
import { migrate } from '../../server/db/migrate.ts';
import { openOrm } from '../../server/db/orm.ts';
import { ENTITIES } from '../../server/store.ts';
import { emptyDatabase } from '../support/services.ts';

const silent = pino({ level: 'silent' });

interface Column {
  readonly table_name: string;
  readonly column_name: string;
  readonly data_type: string;
  readonly is_nullable: 'YES' | 'NO';
  readonly column_default: string | null;
}

let migrated: string;

beforeAll(async () => {
  migrated = await emptyDatabase();
  await migrate(migrated);
});

async function rowsOf<Row extends object>(url: string, query: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client
    .query<Row>(query)
    .then(({ rows }) => rows)
    .finally(() => client.end());
}

const columnsOf = (url: string): Promise<Column[]> =>
  rowsOf(
    url,
    `select table_name, column_name, data_type, is_nullable, column_default
     from information_schema.columns where table_schema = 'public' order by 1, 2`,
  );

const constraintsOf = (url: string): Promise<object[]> =>
  rowsOf(
    url,
    `select conrelid::regclass::text as "table", pg_get_constraintdef(oid) as means from pg_constraint
     where connamespace = 'public'::regnamespace and contype <> 'n' order by 1, 2`,
  );

const indexesOf = (url: string): Promise<object[]> =>
  rowsOf(url, "select indexdef from pg_indexes where schemaname = 'public' order by 1");

test('all migrations run on an empty database, once', async () => {
  const database = await emptyDatabase();
  const first = await migrate(database);
  expect(first.length).toBeGreaterThan(0);
  expect(first).toEqual([...first].sort());
  const before = await columnsOf(database);

  expect(await migrate(database)).toEqual([]);
  expect(await columnsOf(database)).toEqual(before);
});

test('two processes that migrate at once do it once', async () => {
  const database = await emptyDatabase();

  const both = await Promise.all([migrate(database), migrate(database)]);

  const ran = both.filter((names) => names.length > 0);
  expect(ran).toHaveLength(1);
  expect(await columnsOf(database)).toEqual(await columnsOf(migrated));
});

/** All migrations, and one more that takes its time. */
async function slowMigrations(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lumen-slow-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await cp('migrations', folder, { recursive: true });
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  await writeFile(
    join(folder, 'Migration29990101000000.ts'),
    `import { Migration } from '@mikro-orm/migrations';
    export class Migration29990101000000 extends Migration {
      up() { this.addSql('select pg_sleep(2)'); }
    }`,
  );
  return folder;
}

test('R34 a migration that is killed half way has changed nothing, and the next one completes it', async () => {
  const database = await emptyDatabase();
  const script = "await (await import('./server/db/migrate.ts')).migrate(...process.argv.slice(1))";
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', script, database, await slowMigrations()],
    { stdio: 'ignore' },
  );
  const sleeping = `select from pg_stat_activity
    where datname = current_database() and state = 'active' and query like '%pg_sleep(2)'`;
  await expect.poll(() => rowsOf(database, sleeping), { timeout: 20_000 }).toHaveLength(1);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const tables = (await columnsOf(database)).map(({ table_name: table }) => table);
  expect(new Set(tables)).toEqual(new Set(['migration']));

  expect((await migrate(database)).length).toBeGreaterThan(0);
  expect(await columnsOf(database)).toEqual(await columnsOf(migrated));
});

test('a fresh embedded PostgreSQL gets the same schema as a PostgreSQL that was given', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lumen-migrations-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { url, stop } = await startEmbedded(join(folder, 'data'), silent);
  onTestFinished(stop);

  expect((await migrate(url)).length).toBeGreaterThan(0);
  expect(await migrate(url)).toEqual([]);

  for (const part of [columnsOf, constraintsOf, indexesOf]) {
    expect(await part(url)).toEqual(await part(migrated));
  }
});

/** The types that an entity's column may have in the database, by the type that the entity states. */
const FITTING: Readonly<Record<string, readonly string[]>> = {
  bigint: ['bigint'],
  boolean: ['boolean'],
  bytea: ['bytea'],
  int: ['integer'],
  jsonb: ['jsonb'],
  // Lengths are the use-case's to refuse, so every text is `text`.
  text: ['text'],
  'text[]': ['ARRAY'],
  timestamptz: ['timestamp with time zone'],
  uuid: ['uuid'],
  varchar: ['text'],
};

test('every property of an entity is a column of a fitting type, null where the entity says so', async () => {
  const columns = new Map(
    (await columnsOf(migrated)).map((column) => [
      `${column.table_name}.${column.column_name}`,
      column,
    ]),
  );
  const stored = await storedProperties();
  expect(new Set(stored.map(({ entity }) => entity)).size).toBe(ENTITIES.length);
  for (const { path, type, isNullable } of stored) {
    const column = columns.get(path);
    expect(FITTING[type], `${path} is ${type}`).toContain(column?.data_type);
    expect(column?.is_nullable, `${path} may be null`).toBe(isNullable ? 'YES' : 'NO');
  }
});

test('every column of an entity is one of its properties', async () => {
  const stored = await storedProperties();
  const paths = new Set(stored.map(({ path }) => path));
  const tables = new Set(stored.map(({ path }) => path.split('.')[0]));
  const forgotten = (await columnsOf(migrated))
    .filter(({ table_name: table }) => tables.has(table))
    .map(({ table_name: table, column_name: column }) => `${table}.${column}`)
    .filter((path) => !paths.has(path));
  expect(forgotten).toEqual([]);
});

interface StoredProperty {
  readonly entity: string;
  /** `table.column` */
  readonly path: string;
  /** Without length or precision. */
  readonly type: string;
  readonly isNullable: boolean;
}

async function storedProperties(): Promise<StoredProperty[]> {
  const options = { entities: ENTITIES, poolSizeMax: 1, acquireTimeoutMs: 5_000, log: silent };
  const orm = await openOrm({ url: migrated, ...options });
  const all = [...orm.getMetadata().getAll().values()];
  await orm.close(true);
  return all.flatMap(({ className, tableName, props }) =>
    props
      .filter(({ persist }) => persist !== false)
      .map(({ fieldNames, columnTypes, nullable }) => ({
        entity: className,
        path: `${tableName}.${fieldNames[0]}`,
        type: (columnTypes[0] ?? '').replace(/\(.*/, ''),
        isNullable: nullable === true,
      })),
  );
}

test('every table says in the database what it is for', async () => {
  const silentTables = await rowsOf(
    migrated,
    `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
       and not relispartition and relname <> 'migration' and obj_description(oid, 'pg_class') is null`,
  );
  expect(silentTables).toEqual([]);
});
