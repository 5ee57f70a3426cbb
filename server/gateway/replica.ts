/** This process among others: its heartbeat, and how far its open requests have come, for the case that it dies. */
import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Leases } from '../budget/leases.ts';
import type { Sql } from '../db/orm.ts';

const BEAT_MS = 1_000;
/** A process that missed this many seconds of heartbeats is dead. */
export const DEAD_AFTER_SECONDS = 30;

interface OpenRequest {
  readonly requestId: string;
  readonly outputTokens: number;
}

export class Replica {
  readonly id: string;
  readonly #leases: Leases;
  readonly #sql: Sql;
  readonly #log: Logger;
  readonly #open = new Map<OpenRequest, number>();
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> | null = null;

  constructor(leases: Leases, connection: Sql, log: Logger) {
    this.id = leases.replicaId;
    this.#leases = leases;
    this.#sql = connection;
    this.#log = log;
  }

  /** @param isOnly no other process can use this database: whoever is still registered has died */
  async start(isOnly: boolean): Promise<void> {
    if (isOnly) await sql`delete from replica`.execute(this.#sql);
    await sql`insert into replica (id) values (${this.id})`.execute(this.#sql);
    this.#timer = setInterval(() => {
      this.#beating ??= this.#beat().finally(() => {
        this.#beating = null;
      });
    }, BEAT_MS).unref();
  }

  opened(request: OpenRequest): void {
    this.#open.set(request, 0);
  }

  closed(request: OpenRequest): void {
    this.#open.delete(request);
  }

  get openIds(): readonly string[] {
    return [...this.#open.keys()].map(({ requestId }) => requestId);
  }

  /** How many requests are let in out of a lease, without a row of their own. */
  get leasedRequests(): number {
    return this.#leases.openRequests;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    // A heartbeat that is still on its way would register this process anew.
    await this.#beating;
    await this.#leases.close();
    await sql`delete from replica where id = ${this.id}`.execute(this.#sql);
  }

  async #beat(): Promise<void> {
    try {
      const isRegistered = await this.#writeProgress();
      await this.#leases.beat(this.#producedTokens(), isRegistered);
    } catch (error) {
      this.#log.warn({ err: error }, 'the heartbeat could not be written');
    }
  }

  #producedTokens(): ReadonlyMap<string, number> {
    return new Map(
      [...this.#open.keys()].map((request) => [request.requestId, request.outputTokens]),
    );
  }

  /** Gives whether this process was registered still. */
  async #writeProgress(): Promise<boolean> {
    const grown = [...this.#open].filter(([request, known]) => request.outputTokens > known);
    for (const [request] of grown) this.#open.set(request, request.outputTokens);
    const { rows } = await sql<{ is_new: boolean }>`
      with progress as (
        update reservation set output_tokens = g.output_tokens
        from unnest(${grown.map(([r]) => r.requestId)}::uuid[], ${grown.map(([r]) => r.outputTokens)}::int[])
          as g (request_id, output_tokens)
        where reservation.request_id = g.request_id
      )
      insert into replica (id) values (${this.id}) on conflict (id) do update set heartbeat_at = now()
      returning xmax = 0 as is_new`.execute(this.#sql);
    return rows[0]?.is_new === false;
  }
}
