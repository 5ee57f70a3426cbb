/** How the health of endpoints changed, as any replica saw it: kept in the database, beyond the end of a process. */
import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Context } from '../context.ts';
import { batched } from '../db/batched.ts';
import type { Sql } from '../db/orm.ts';
import type { Health } from './health.ts';

export interface HealthChange {
  readonly at: Date;
  readonly health: Health;
  /** What went wrong; null when it became healthy. */
  readonly why: string | null;
}

interface Noted {
  readonly endpointId: string;
  readonly health: Health;
  readonly why: string | null;
  /** By the clock that never jumps. */
  readonly atMs: number;
}

const KEPT_DAYS = 30;
/** An endpoint that comes and goes all day must fill neither the table nor a page. */
const KEPT_MAX = 1_000;
const SHOWN_MAX = 200;
/** What waits to be written while the database is away; of more, the oldest are lost. */
const WAITING_MAX = 500;
const RETRY_MS = 5_000;

/** Writes changes down beside whatever noticed them: nothing waits for that, and nothing fails by it. */
export class HealthHistory {
  readonly #sql: Sql;
  readonly #log: Logger;
  #waiting: readonly Noted[] = [];
  #writing: Promise<void> | null = null;
  #retry: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(connection: Sql, log: Logger) {
    this.#sql = connection;
    this.#log = log;
  }

  note(endpointId: string, health: Health, why: string | null): void {
    this.#keep([...this.#waiting, { endpointId, health, why, atMs: performance.now() }]);
    this.#write();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    await this.#writing;
  }

  #keep(waiting: readonly Noted[]): void {
    this.#waiting = waiting.slice(-WAITING_MAX);
  }

  #write(): void {
    this.#writing ??= this.#writeWaiting().finally(() => {
      this.#writing = null;
    });
  }

  async #writeWaiting(): Promise<void> {
    clearTimeout(this.#retry);
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        await insertChanges(this.#sql, group);
      } catch (error) {
        this.#keep([...group, ...this.#waiting]);
        this.#log.warn({ err: error }, 'changes of health could not be stored, and are kept');
        if (!this.#isClosed) this.#retry = setTimeout(() => this.#write(), RETRY_MS).unref();
        return;
      }
    }
  }
}

/** By the database's clock, so that what several replicas saw stands in its order. */
async function insertChanges(connection: Sql, group: readonly Noted[]): Promise<void> {
  const nowMs = performance.now();
  await sql`
    insert into health_change (endpoint_id, health, why, at)
    select endpoint_id, health, why, now() - make_interval(secs => age_ms / 1000)
    from unnest(${group.map(({ endpointId }) => endpointId)}::text[], ${group.map(({ health }) => health)}::text[],
      ${group.map(({ why }) => why)}::text[], ${group.map(({ atMs }) => nowMs - atMs)}::float8[])
      as noted (endpoint_id, health, why, age_ms)`.execute(connection);
}

/** The latest of the last 30 days, the oldest first. Who asks has been let in to see the endpoint. */
export const healthChanges = (
  ctx: Pick<Context, 'sql'>,
  endpointId: string,
): Promise<readonly HealthChange[]> => batched(ctx, changesOfAll, endpointId);

/** What one replica finds after another, or finds anew at its start, is no change. */
async function changesOfAll(
  ctx: Pick<Context, 'sql'>,
  endpointIds: readonly string[],
): Promise<readonly (readonly HealthChange[])[]> {
  const { rows } = await sql<Omit<HealthChange, 'at'> & { endpoint_id: string; at: string }>`
    select latest.* from unnest(${endpointIds}::text[]) as asked (id) cross join lateral (
      select endpoint_id, at, health, why from (
        select *, health is distinct from lag(health) over (order by at, id) as is_change
        from health_change where endpoint_id = asked.id
      ) known
      where is_change order by at desc, id desc limit ${SHOWN_MAX}
    ) latest order by latest.at`.execute(ctx.sql);
  const byEndpoint = Map.groupBy(rows, ({ endpoint_id }) => endpoint_id);
  return endpointIds.map((id) =>
    (byEndpoint.get(id) ?? []).map(({ at, health, why }) => ({ at: new Date(at), health, why })),
  );
}

/** Removes what is old, and of an endpoint with very many changes the oldest. */
export async function purgeHealthChanges({ sql: connection }: Pick<Context, 'sql'>): Promise<void> {
  await sql`
    delete from health_change where at < now() - make_interval(days => ${KEPT_DAYS}) or id in (
      select id from (
        select id, row_number() over (partition by endpoint_id order by at desc, id desc) as place
        from health_change
      ) ranked where place > ${KEPT_MAX}
    )`.execute(connection);
}
