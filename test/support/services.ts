// What tests ask of the run they belong to: a fresh database, the address of Redis.
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

interface Services {
  /** A PostgreSQL server on which databases can be created; names any database of it. */
  readonly postgresUrl: string;
  /** A migrated database that nobody connects to: it is only copied. */
  readonly template: string;
  /** Undefined when the machine has no Redis. */
  readonly redisUrl: string | undefined;
}

declare module 'vitest' {
  export interface ProvidedContext {
    services: Services;
  }
}

/** The same server, another database. */
export function withDatabase(postgresUrl: string, name: string): string {
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Runs statements one by one, each outside a transaction, as CREATE DATABASE wants. */
export async function runSql(url: string, ...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Has all sessions of a database have a setting, such as `name = value`: those that are open are ended. */
export async function setInDatabase(url: string, setting: string): Promise<void> {
  const { pathname } = new URL(url);
  await runSql(
    url,
    'set default_transaction_read_only = off',
    `alter database ${pathname.slice(1)} set ${setting}`,
    `select pg_terminate_backend(pid, 10000) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`,
  );
}

/** Copies the migrated template, in tens of milliseconds; the run drops the copy at its end. */
export const freshDatabase = (): Promise<string> => copyOf(inject('services').template);

/** An empty database, for tests of the migrations themselves; the run drops it at its end. */
export const emptyDatabase = (): Promise<string> => copyOf('template0');

async function copyOf(source: string): Promise<string> {
  const { postgresUrl, template } = inject('services');
  const name = `${template}_${randomBytes(4).toString('hex')}`;
  await runSql(postgresUrl, `CREATE DATABASE ${name} TEMPLATE ${source}`);
  return withDatabase(postgresUrl, name);
}

/** Use as `test.skipIf(!redisUrl())`: Redis is optional for whoever runs the tests. */
export const redisUrl = (): string | undefined => inject('services').redisUrl;
