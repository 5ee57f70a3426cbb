/** Opens the one connection to PostgreSQL: MikroORM for entities, and its Kysely for hand-written statements. */
import type { EntityManager, Options, PostgreSqlConnection } from '@mikro-orm/postgresql';
import { MikroORM, UnderscoreNamingStrategy } from '@mikro-orm/postgresql';
import type { Kysely } from 'kysely';
import pg from 'pg';
import type { Logger } from 'pino';
import { PreparingClient } from './preparing-client.ts';

// int8 arrives as text unless told otherwise; coin amounts and counters are bigints everywhere.
pg.types.setTypeParser(pg.types.builtins.INT8, BigInt);

export interface OrmOptions {
  readonly url: string;
  readonly entities: NonNullable<Options['entities']>;
  readonly poolSizeMax: number;
  readonly acquireTimeoutMs: number;
  /** How long the database may say nothing to what is asked, as commands that read all of it let it. Left out, for ever. */
  readonly silenceMs?: number;
  readonly log: Logger;
}

export type Orm = MikroORM;

/** Hand-written SQL: no table types, each statement states what it returns. */
export type Sql = Kysely<unknown>;

const STATEMENT_TIMEOUT_MS = 4_000;
/** A server that is there ends a statement before that. */
export const SILENCE_MS = STATEMENT_TIMEOUT_MS + 500;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 5_000;

export async function openOrm(options: OrmOptions): Promise<Orm> {
  const { log } = options;
  return MikroORM.init({
    clientUrl: options.url,
    entities: options.entities,
    namingStrategy: UnderscoreNamingStrategy,
    forceUtcTimezone: true,
    pool: { min: 0, max: options.poolSizeMax, idleTimeoutMillis: 60_000 },
    driverOptions: {
      Client: PreparingClient,
      silenceMs: options.silenceMs ?? 0,
      connectionTimeoutMillis: options.acquireTimeoutMs,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
      application_name: 'lumen',
    },
    logger: (message) => log.warn(message),
    debug: false,
    colors: false,
  });
}

/** How the connections of a process stand; `waitingCount` is what waits for one. */
export type PoolState = Pick<pg.Pool, 'totalCount' | 'idleCount' | 'waitingCount'>;

export const poolOf = (orm: Orm): Promise<PoolState> =>
  (orm.em.getDriver().getConnection() as PostgreSqlConnection).getNativeClient();

/** The same pool without the unit of work, bound to no transaction. */
export function sqlOf(orm: { readonly em: EntityManager }): Sql {
  return orm.em.fork().getKysely<unknown>() as Sql;
}
