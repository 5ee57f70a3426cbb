/** Ends requests: coins, log and counters in one transaction, shared by all requests that end at about the same time. */
import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Leases } from '../budget/leases.ts';
import {
  closing,
  refillPools,
  SETTLEMENT,
  type Settlement,
  settlementRow,
} from '../budget/settle.ts';
import { Grouped } from '../db/grouped.ts';
import type { Sql } from '../db/orm.ts';
import { rowsOf } from '../db/rows.ts';
import { surely } from '../db/surely.ts';
import type { Bus } from '../live/bus.ts';
import { RECORD, type RequestRecord, recording, recordRow } from '../usage/request-record.ts';

declare module '../context.ts' {
  interface Parts {
    readonly settler: Settler;
  }
}

export interface Ended {
  readonly settlement: Settlement;
  readonly record: RequestRecord;
}

const billRows = rowsOf({ ...SETTLEMENT, ...RECORD });

export class Settler {
  readonly #sql: Sql;
  readonly #leases: Leases;
  readonly #live: Bus;
  readonly #log: Logger;
  readonly #observe: (record: RequestRecord) => void;
  readonly #grouped = new Grouped<Ended, undefined>((ended) =>
    surely('settling', this.#log, (isRepeated) => this.#write(ended, isRepeated)),
  );

  /** @param observe is told of each request that was settled here, once */
  constructor(
    connection: Sql,
    leases: Leases,
    live: Bus,
    log: Logger,
    observe: (record: RequestRecord) => void = () => undefined,
  ) {
    this.#sql = connection;
    this.#leases = leases;
    this.#live = live;
    this.#log = log;
    this.#observe = observe;
  }

  get waiting(): number {
    return this.#grouped.waiting;
  }

  /** Resolves when the bill is committed. A request that was settled before is not billed again. */
  async settle(ended: Ended): Promise<void> {
    const { leased } = ended.settlement;
    if (!leased) return this.#grouped.add(ended);
    await this.#leases.ending(leased);
    try {
      await this.#grouped.add(ended);
      leased.paid(ended.settlement.charge);
    } finally {
      this.#leases.ended(leased);
    }
  }

  async #write(ended: readonly Ended[], isRepeated: boolean): Promise<readonly undefined[]> {
    if (isRepeated) this.#leases.distrust();
    const open = isRepeated ? await this.#unwritten(ended) : ended;
    const closed = await this.#close(open, false);
    const others = open.filter(({ record }) => !closed.has(record.requestId));
    if (others.length > 0) await this.#closeOthers(others);
    const accounts = new Set(ended.map(({ record }) => record.accountId));
    this.#live.publish(
      ...[...accounts].map((account) => ({ kind: 'poolChanged', account }) as const),
    );
    return ended.map(() => undefined);
  }

  /** Those whose pool is to be refilled first, and those that have no row: another process billed them, or it was lost. */
  async #closeOthers(others: readonly Ended[]): Promise<void> {
    await refillPools(
      this.#sql,
      others.map(({ settlement }) => settlement),
    );
    const closed = await this.#close(others, true);
    const gone = others.filter(({ record }) => !closed.has(record.requestId));
    const lost = gone.length > 0 ? await this.#unwritten(gone) : [];
    if (lost.length === 0) return;
    this.#log.warn({ requests: lost.length }, 'billed requests whose reservations were lost');
    await this.#close(
      lost.map((ended) => ({ ...ended, settlement: { ...ended.settlement, isLost: true } })),
      true,
    );
  }

  /** One statement, so one transaction. Gives the ids of the requests that were closed. */
  async #close(ended: readonly Ended[], isRefilled: boolean): Promise<ReadonlySet<string>> {
    const records = ended.map(({ record }) => record);
    const bills = ended.map(({ settlement, record }) => ({
      ...settlementRow(settlement),
      ...recordRow(record),
    }));
    const { rows } = await sql<{ request_id: string }>`
      with ended as ${billRows(bills)}, ${closing(bills, isRefilled, this.#leases.replicaId)}, ${recording(records)}
      select request_id from closed`.execute(this.#sql);
    const closed = new Set(rows.map((row) => row.request_id));
    for (const record of records) if (closed.has(record.requestId)) this.#observe(record);
    return closed;
  }

  /** Without a row nothing says that a request is open still: only the log tells what was billed already. */
  async #unwritten(ended: readonly Ended[]): Promise<readonly Ended[]> {
    const ids = ended.map(({ settlement }) => settlement.requestId);
    const { rows } = await sql<{ id: string }>`
      select id from request_log where id = any(${ids}::uuid[])`.execute(this.#sql);
    const written = new Set(rows.map(({ id }) => id));
    return ended.filter(({ settlement }) => !written.has(settlement.requestId));
  }
}
