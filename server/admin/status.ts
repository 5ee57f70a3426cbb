/** What an administrator looks at first when something is wrong. */
import { sql } from 'kysely';
import { administrator, type Context } from '../context.ts';
import type { PoolState } from '../db/orm.ts';
import { DEAD_AFTER_SECONDS } from '../gateway/replica.ts';
import { COMMIT, VERSION } from '../kernel/version.ts';
import { type JobRun, jobRuns } from './job-runs.ts';

declare module '../context.ts' {
  interface Parts {
    readonly databasePool: PoolState;
  }
}

/** Redis answers within a millisecond, or something is wrong with it. */
const REDIS_PATIENCE_MS = 2_000;

export interface ReplicaStatus {
  readonly id: string;
  readonly startedAt: Date;
  readonly heartbeatAt: Date;
  readonly isAlive: boolean;
  /** The one that answers. */
  readonly isThis: boolean;
}

export interface DatabaseStatus {
  readonly version: string;
  readonly pingMs: number;
  readonly sizeBytes: number;
  readonly migrations: number;
  readonly lastMigration: string;
  readonly connectionsInUse: number;
  readonly connectionsIdle: number;
  readonly connectionsMax: number;
  /** What waits for a connection. */
  readonly waiting: number;
}

export interface RedisStatus {
  readonly isConnected: boolean;
  /** Null when it does not answer. */
  readonly pingMs: number | null;
}

export interface Status {
  readonly version: string;
  readonly commit: string | null;
  readonly node: string;
  readonly startedAt: Date;
  readonly memoryBytes: number;
  readonly openRequests: number;
  readonly replicas: readonly ReplicaStatus[];
  readonly database: DatabaseStatus;
  readonly redis: RedisStatus | null;
  readonly jobs: readonly JobRun[];
}

/** @throws Failure FORBIDDEN */
export async function status(ctx: Context): Promise<Status> {
  administrator(ctx);
  const [replicas, database, redis, jobs] = await Promise.all([
    replicaList(ctx),
    databaseStatus(ctx),
    redisStatus(ctx),
    jobRuns(ctx),
  ]);
  return {
    version: VERSION,
    commit: COMMIT,
    node: process.version,
    startedAt: new Date(Date.now() - process.uptime() * 1000),
    memoryBytes: process.memoryUsage.rss(),
    openRequests: ctx.parts.replica.openIds.length,
    replicas,
    database,
    redis,
    jobs,
  };
}

async function replicaList({ sql: connection, parts }: Context): Promise<ReplicaStatus[]> {
  const { rows } = await sql<{
    id: string;
    started_at: string;
    heartbeat_at: string;
    is_alive: boolean;
  }>`
    select id, started_at, heartbeat_at,
      heartbeat_at > now() - make_interval(secs => ${DEAD_AFTER_SECONDS}) as is_alive
    from replica order by started_at, id`.execute(connection);
  return rows.map(({ id, started_at, heartbeat_at, is_alive }) => ({
    id,
    startedAt: new Date(started_at),
    heartbeatAt: new Date(heartbeat_at),
    isAlive: is_alive,
    isThis: id === parts.replica.id,
  }));
}

async function databaseStatus({
  sql: connection,
  config,
  parts,
}: Context): Promise<DatabaseStatus> {
  const began = performance.now();
  await sql`select 1`.execute(connection);
  const pingMs = performance.now() - began;
  const { rows } = await sql<{
    version: string;
    sizeBytes: number;
    migrations: number;
    lastMigration: string;
  }>`
    select current_setting('server_version') as version,
      pg_database_size(current_database())::float8 as "sizeBytes",
      (select count(*)::int from migration) as migrations,
      (select name from migration order by id desc limit 1) as "lastMigration"`.execute(connection);
  const [stored] = rows;
  if (!stored) throw new Error('A statement without a table gave no row.');
  const { totalCount, idleCount, waitingCount } = parts.databasePool;
  return {
    ...stored,
    pingMs,
    connectionsInUse: totalCount - idleCount,
    connectionsIdle: idleCount,
    connectionsMax: config.database.poolSizeMax,
    waiting: waitingCount,
  };
}

/** Null where there is none. */
async function redisStatus({ config, live }: Context): Promise<RedisStatus | null> {
  if (config.redisUrl === null) return null;
  const began = performance.now();
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(() => late.resolve(null), REDIS_PATIENCE_MS);
  const answer = live.ping().then(
    () => performance.now() - began,
    () => null,
  );
  const pingMs = await Promise.race([answer, late.promise]).finally(() => clearTimeout(timer));
  return { isConnected: live.isConnected, pingMs };
}
