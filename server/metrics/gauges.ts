/** What is measured when somebody asks, and not counted as it happens. */
import { sql } from 'kysely';
import { Gauge, type Registry } from 'prom-client';
import type { ModelConfig } from '../config/config.ts';
import type { Context } from '../context.ts';
import type { PoolState, Sql } from '../db/orm.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { shownAddress } from './shown-address.ts';

type Measuring = Pick<Context, 'config' | 'sql' | 'log' | 'parts'>;

/** Prometheus gives up after ten seconds; a database that is away must not cost it all the other metrics. */
const DATABASE_TIMEOUT_MS = 3_000;

interface Stored {
  readonly people: number;
  readonly active: number;
  /** Of this process. */
  readonly reservations: number;
  readonly stranded: number;
}

export class Gauges {
  /** Set by the job that audits. */
  readonly ledgerMismatches: Gauge;
  readonly #pool: PoolState;
  readonly #healthy: Gauge<'model' | 'endpoint_url'>;
  readonly #users: Gauge<'status'>;
  readonly #connections: Gauge<'state'>;
  readonly #queues: Gauge<'queue'>;
  readonly #databaseUp: Gauge;
  readonly #reservations: Gauge;
  readonly #openStreams: Gauge;

  constructor(registry: Registry, pool: PoolState) {
    const gauge = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
      new Gauge({ name: `lumen_${name}`, help, labelNames, registers: [registry] });
    this.#pool = pool;
    this.#healthy = gauge(
      'model_endpoint_healthy',
      '1 when the endpoint is in rotation: it answered when it was last probed or used, and nobody withdrew it.',
      'model',
      'endpoint_url',
    );
    this.#users = gauge('users', 'People who have an account.', 'status');
    this.#connections = gauge(
      'db_pool_connections',
      'Connections of this process to PostgreSQL; stranded are those of all processes that have idled in a transaction for a second.',
      'state',
    );
    this.#queues = gauge('queue_length', 'What waits in this process.', 'queue');
    this.#databaseUp = gauge('database_up', '1 when the database answered this scrape.');
    this.#reservations = gauge(
      'open_reservations',
      'Requests that this process holds coins for, by a row of the database or inside of its lease.',
    );
    this.#openStreams = gauge('open_streams', 'Requests that this process is answering.');
    this.ledgerMismatches = gauge(
      'ledger_mismatches',
      'Pools that differ from their ledger or their reservations; anything but 0 is a fault.',
    );
    // Until somebody has looked, 0 would be a claim.
    this.ledgerMismatches.remove();
  }

  async measure(ctx: Measuring): Promise<void> {
    const stored = await readStored(ctx);
    this.#databaseUp.set(stored ? 1 : 0);
    this.#measureStored(stored, ctx.parts.replica.leasedRequests);
    this.#measureHealth(ctx);
    this.#measureProcess(ctx);
  }

  #measureStored(stored: Stored | null, leasedRequests: number): void {
    this.#users.reset();
    this.#connections.reset();
    this.#reservations.remove();
    if (!stored) return;
    this.#users.set({ status: 'total' }, stored.people);
    this.#users.set({ status: 'active' }, stored.active);
    this.#reservations.set(stored.reservations + leasedRequests);
    this.#connections.set({ state: 'stranded' }, stored.stranded);
  }

  #measureHealth({ config, parts }: Measuring): void {
    this.#healthy.reset();
    for (const model of config.models.values()) {
      const endpoints = parts.catalogue.endpointsOf(model);
      for (const [endpoint_url, health] of healthByAddress(model, endpoints))
        this.#healthy.set({ model: model.name, endpoint_url }, health);
    }
  }

  #measureProcess({ config, parts }: Measuring): void {
    const { totalCount, idleCount, waitingCount } = this.#pool;
    const { poolSize, poolSizeMax } = config.database;
    this.#connections.set({ state: 'size' }, poolSize);
    this.#connections.set({ state: 'checked_in' }, idleCount);
    this.#connections.set({ state: 'checked_out' }, totalCount - idleCount);
    this.#connections.set({ state: 'overflow' }, Math.max(0, totalCount - poolSize));
    this.#connections.set({ state: 'limit' }, poolSizeMax);
    this.#queues.set({ queue: 'database' }, waitingCount);
    this.#queues.set({ queue: 'reserve' }, parts.reserver.waiting);
    this.#queues.set({ queue: 'settle' }, parts.settler.waiting);
    this.#openStreams.set(parts.replica.openIds.length);
  }
}

/** Two endpoints of a model may differ in their key only: then the address is as well as the worse of them. */
function healthByAddress(
  model: ModelConfig,
  endpoints: readonly Endpoint[],
): ReadonlyMap<string, number> {
  const addresses = new Map(model.endpoints.map(({ id, url }) => [id, shownAddress(url)]));
  const worst = new Map<string, number>();
  for (const { id, health, withdrawal } of endpoints) {
    const address = addresses.get(id) ?? id;
    const isInRotation = health === 'HEALTHY' && withdrawal === null;
    worst.set(address, Math.min(worst.get(address) ?? 1, isInRotation ? 1 : 0));
  }
  return worst;
}

async function readStored({ sql: connection, log, parts }: Measuring): Promise<Stored | null> {
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(() => late.resolve(null), DATABASE_TIMEOUT_MS);
  const read = stored(connection, parts.replica.id).catch((error) => {
    log.warn({ err: error }, 'the database could not be measured');
    return null;
  });
  return Promise.race([read, late.promise]).finally(() => clearTimeout(timer));
}

async function stored(connection: Sql, replicaId: string): Promise<Stored | null> {
  const { rows } = await sql<Stored>`
    select count(*)::int as people, (count(*) filter (where is_active))::int as active,
      (select count(*)::int from reservation where replica_id = ${replicaId}::uuid) as reservations,
      (select count(*)::int from pg_stat_activity where datname = current_database()
        and application_name = 'lumen' and state = 'idle in transaction'
        and state_change < now() - interval '1 second') as stranded
    from account where kind = 'person'`.execute(connection);
  return rows[0] ?? null;
}
