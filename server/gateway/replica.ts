/** This process among others: its heartbeat, and how far its open requests have come, for the case that it dies. */
import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Leases } from '../budget/leases.ts';
import type { Sql } from '../db/orm.ts';
import { Bag } from '../kernel/bag.ts';

/** Between two heartbeats it is told which answers have begun: they are not free when the process dies before the next. */
const TELL_MS = 250;
const TELLS_PER_BEAT = 4;
/** A process that missed this many seconds of heartbeats is dead. */
export const DEAD_AFTER_SECONDS = 30;

interface OpenRequest {
  readonly requestId: string;
  readonly outputTokens: number;
}

interface Open {
  readonly request: OpenRequest;
  readonly openedAt: number;
  /** Of the output tokens, as many as the database knows of. */
  told: number;
}

export class Replica {
  readonly id: string;
  readonly #leases: Leases;
  readonly #sql: Sql;
  readonly #log: Logger;
  readonly #open = new Bag<Open>();
  #timer: NodeJS.Timeout | undefined;
  #ticks = 0;
  #telling: Promise<void> | null = null;

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
      this.#ticks += 1;
      this.#telling ??= this.#tell().finally(() => {
        this.#telling = null;
      });
    }, TELL_MS).unref();
  }

  /** Gives what is to be called when it is closed. */
  opened(request: OpenRequest): () => void {
    return this.#open.add({ request, openedAt: performance.now(), told: 0 });
  }

  get openIds(): readonly string[] {
    return this.#open.items().map(({ request }) => request.requestId);
  }

  /** How many requests are let in out of a lease, without a row of their own. */
  get leasedRequests(): number {
    return this.#leases.openRequests;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    // A heartbeat that is still on its way would register this process anew.
    await this.#telling;
    await this.#leases.close();
    await sql`delete from replica where id = ${this.id}`.execute(this.#sql);
  }

  async #tell(): Promise<void> {
    try {
      if (this.#ticks >= TELLS_PER_BEAT) await this.#beat();
      else await this.#tellBegun();
    } catch (error) {
      this.#log.warn({ err: error }, 'the heartbeat could not be written');
    }
  }

  async #beat(): Promise<void> {
    this.#ticks = 0;
    const grown = this.#tokens(({ request, told }) => request.outputTokens > told);
    // Who is back after a silence is not what it was: nobody deletes the rows of the dead, but others settle for them.
    const { rows } = await sql<{ was_alive: boolean | null }>`
      with ${progress(grown)}, before as (
        select heartbeat_at > now() - make_interval(secs => ${DEAD_AFTER_SECONDS}) as was_alive from replica
        where id = ${this.id}
      )
      insert into replica (id) values (${this.id}) on conflict (id) do update set heartbeat_at = now()
      returning (select was_alive from before) as was_alive`.execute(this.#sql);
    this.#told(grown);
    const isRegistered = rows[0]?.was_alive === true;
    await this.#leases.beat(
      this.#tokens(() => true),
      isRegistered,
    );
  }

  /** Once of each request: most answers are over before, and their growth can wait for the heartbeat. */
  async #tellBegun(): Promise<void> {
    const since = performance.now() - TELL_MS;
    const begun = this.#tokens(
      ({ request, openedAt, told }) => told === 0 && openedAt < since && request.outputTokens > 0,
    );
    if (begun.size === 0) return;
    await sql`with ${progress(begun)} select`.execute(this.#sql);
    this.#told(begun);
    await this.#leases.keep(begun);
  }

  /** What the open requests that are meant have produced, by their ids. */
  #tokens(isMeant: (open: Open) => boolean): Tokens {
    const meant = this.#open.items().filter(isMeant);
    return new Map(meant.map(({ request }) => [request.requestId, request.outputTokens]));
  }

  #told(tokens: Tokens): void {
    for (const open of this.#open.items())
      open.told = tokens.get(open.request.requestId) ?? open.told;
  }
}

type Tokens = ReadonlyMap<string, number>;

/** A row that is locked is being settled, by what its request has come to in the end. */
const progress = (tokens: Tokens) => sql`
  progress as (
    update reservation r set output_tokens = g.output_tokens
    from (
      select request_id, t.output_tokens from reservation
      join unnest(${[...tokens.keys()]}::uuid[], ${[...tokens.values()]}::int[]) as t (request_id, output_tokens)
        using (request_id)
      for update of reservation skip locked
    ) g
    where r.request_id = g.request_id
  )`;
