import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Sql } from '../db/orm.ts';
import type { Bus } from '../live/bus.ts';

/** Bounds how long a change goes unseen whose fact was lost on its way. */
const LOOK_EVERY_MS = 10_000;

/** An administrator took an endpoint out of rotation. */
export interface Withdrawal {
  readonly at: Date;
  readonly reason: string | null;
}

/** By the endpoint's id; what is known of endpoints that the configuration no longer names stays, for their return. */
export type WithdrawalTable = ReadonlyMap<string, Withdrawal>;

/** Which endpoints are out of rotation, as the database says: the same for all replicas, and after a restart. */
export class Withdrawals {
  readonly #sql: Sql;
  readonly #log: Logger;
  readonly #read: (table: WithdrawalTable) => void;
  readonly #unlisten: () => void;
  readonly #interval: NodeJS.Timeout;
  #loading: Promise<void> = Promise.resolve();

  /** @param read is given what is stored, each time that it is looked at */
  constructor(connection: Sql, live: Bus, log: Logger, read: (table: WithdrawalTable) => void) {
    this.#sql = connection;
    this.#log = log;
    this.#read = read;
    this.#unlisten = live.listen((fact) => {
      if (fact.kind === 'endpointsChanged') this.#loadSoon();
    });
    this.#interval = setInterval(() => this.#loadSoon(), LOOK_EVERY_MS).unref();
  }

  /** Resolves when what is stored now is in force here. One after the other, so that the last one wins. */
  load(): Promise<void> {
    const loading = this.#loading.then(() => this.#look());
    this.#loading = loading.catch(() => undefined);
    return loading;
  }

  async close(): Promise<void> {
    clearInterval(this.#interval);
    this.#unlisten();
    await this.#loading;
  }

  #loadSoon(): void {
    this.load().catch((error) =>
      this.#log.warn({ err: error }, 'withdrawn endpoints could not be read anew'),
    );
  }

  async #look(): Promise<void> {
    const { rows } = await sql<{ endpoint_id: string; at: string; reason: string | null }>`
      select endpoint_id, at, reason from endpoint_withdrawal`.execute(this.#sql);
    const withdrawn = rows.map(
      ({ endpoint_id, at, reason }) => [endpoint_id, { at: new Date(at), reason }] as const,
    );
    this.#read(new Map(withdrawn));
  }
}
