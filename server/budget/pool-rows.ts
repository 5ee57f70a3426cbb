/** Pools in the database, locked and stored many at a time inside a transaction. */
import { sql } from 'kysely';
import type { Sql } from '../db/orm.ts';
import type { Coins } from '../kernel/coins.ts';
import { greater, minus, NO_COINS } from '../kernel/coins.ts';
import {
  dueRefill,
  endOfTerms,
  type LimitedPolicy,
  type PoolState,
  type RefillTerms,
} from './pool.ts';

export interface PoolEntry {
  readonly accountId: string;
  readonly kind: 'opening' | 'refill' | 'settle' | 'grant' | 'reset';
  readonly amount: Coins;
  readonly requestId: string | null;
}

/** The terms of a row; null as long as none were put in force. */
export interface TermsColumns {
  readonly refill_max: Coins | null;
  readonly refill_per_hour: Coins | null;
}

interface PoolRow extends TermsColumns {
  readonly account_id: string;
  readonly unit: string;
  readonly balance: Coins;
  readonly held: Coins;
  readonly refilled_at: bigint;
  readonly now: bigint;
}

/** Pools under lock in one transaction: read once, changed in memory, stored once with the entries that explain it. */
export class LockedPools {
  readonly #states = new Map<string, PoolState>();
  readonly #terms = new Map<string, RefillTerms | null>();
  readonly #entries: PoolEntry[] = [];
  readonly #now: bigint;

  private constructor(rows: readonly PoolRow[]) {
    this.#now = rows[0]?.now ?? 0n;
    for (const row of rows) {
      this.#states.set(row.account_id, {
        balance: row.balance,
        held: row.held,
        refilledAt: row.refilled_at,
      });
      this.#terms.set(row.account_id, termsIn(row));
    }
  }

  /** Locks the pools, and opens those of `policies` that do not exist with their starting balance. */
  static async lock(
    tx: Sql,
    accountIds: Iterable<string>,
    policies: ReadonlyMap<string, LimitedPolicy> = new Map(),
  ): Promise<LockedPools> {
    const ids = [...new Set(accountIds)].sort();
    let rows = await lockRows(tx, ids);
    const missing = ids.filter(
      (id) => policies.has(id) && !rows.some((row) => fits(row, id, policies)),
    );
    if (missing.length > 0) {
      await openPools(tx, missing, policies);
      rows = await lockRows(tx, ids);
    }
    return new LockedPools(rows);
  }

  /** Microseconds since 1970, by the database's clock; 0 when none of the pools exists. */
  get now(): bigint {
    return this.#now;
  }

  /**
   * The pool with the refill that is due, also with less than that when it is short of `needed`; null when the account has
   * none. It refills by its own terms, whatever the asker believes to be in force; by `terms` only if it has none.
   */
  get(accountId: string, terms: RefillTerms | null, needed = NO_COINS): PoolState | null {
    const state = this.#states.get(accountId);
    const own = this.#terms.get(accountId) ?? terms;
    if (!state || !own) return state ?? null;
    return this.#refilled(accountId, state, dueRefill(state, own, this.#now, needed));
  }

  /** Puts terms in force from a moment on. The time before is paid for by the old ones, if there were any. */
  changeTerms(accountId: string, terms: RefillTerms, at: bigint): void {
    const state = this.#states.get(accountId);
    const before = this.#terms.get(accountId);
    if (!state) return;
    if (before) this.#refilled(accountId, state, endOfTerms(state, before, at));
    this.#terms.set(accountId, terms);
  }

  #refilled(accountId: string, before: PoolState, after: PoolState): PoolState {
    if (after === before) return before;
    const amount = minus(after.balance, before.balance);
    this.set(accountId, after, { accountId, kind: 'refill', amount, requestId: null });
    return after;
  }

  set(accountId: string, state: PoolState, entry?: PoolEntry): void {
    this.#states.set(accountId, state);
    if (entry && entry.amount !== 0n) this.#entries.push(entry);
  }

  /** Ends a hold. */
  release(accountId: string, amount: Coins): void {
    const state = this.#states.get(accountId);
    if (state)
      this.#states.set(accountId, { ...state, held: greater(minus(state.held, amount), NO_COINS) });
  }

  async store(tx: Sql): Promise<void> {
    const states = [...this.#states];
    if (states.length === 0) return;
    const terms = states.map(([id]) => this.#terms.get(id));
    const entries = mergedRefills(this.#entries);
    await sql`
      with stored as (
        update pool set balance = s.balance, held = s.held,
          refilled_at = timestamptz 'epoch' + s.refilled_at * interval '1 microsecond',
          refill_max = s.refill_max, refill_per_hour = s.refill_per_hour
        from unnest(${states.map(([id]) => id)}::uuid[], ${states.map(([, s]) => s.balance)}::bigint[],
          ${states.map(([, s]) => s.held)}::bigint[], ${states.map(([, s]) => s.refilledAt)}::bigint[],
          ${terms.map((t) => t?.max ?? null)}::bigint[], ${terms.map((t) => t?.refreshPerHour ?? null)}::bigint[])
          as s (account_id, balance, held, refilled_at, refill_max, refill_per_hour)
        where pool.account_id = s.account_id
      )
      insert into ledger_entry (account_id, kind, amount, request_id)
      select * from unnest(${entries.map((e) => e.accountId)}::uuid[], ${entries.map((e) => e.kind)}::text[],
        ${entries.map((e) => e.amount)}::bigint[], ${entries.map((e) => e.requestId)}::uuid[])`.execute(
      tx,
    );
  }
}

async function lockRows(tx: Sql, ids: readonly string[]): Promise<readonly PoolRow[]> {
  if (ids.length === 0) return [];
  // Always in the order of ids: two groups that lock the same pools never wait for each other in a circle.
  const { rows } = await sql<PoolRow>`
    select account_id, unit, balance, held, ${microseconds('refilled_at')} as refilled_at,
      refill_max, refill_per_hour, ${microseconds('clock_timestamp()')} as now
    from pool where account_id = any(${ids}::uuid[]) order by account_id for update`.execute(tx);
  return rows;
}

/** By what a pool refills, as its row has it. */
export const termsIn = (row: TermsColumns): RefillTerms | null =>
  row.refill_max === null || row.refill_per_hour === null
    ? null
    : { max: row.refill_max, refreshPerHour: row.refill_per_hour };

/** Microseconds since 1970 of a timestamp expression of ours, exactly. */
export const microseconds = (expression: 'refilled_at' | 'clock_timestamp()') =>
  sql`(extract(epoch from ${sql.raw(expression)}) * 1000000)::bigint`;

const fits = (row: PoolRow, id: string, policies: ReadonlyMap<string, LimitedPolicy>): boolean =>
  row.account_id === id && row.unit === policies.get(id)?.unit;

/**
 * Opens pools; one whose unit was changed in the configuration begins anew, as coins can't be turned into tokens. What is
 * held of it stays held until its requests end.
 */
async function openPools(
  tx: Sql,
  ids: readonly string[],
  policies: ReadonlyMap<string, LimitedPolicy>,
): Promise<void> {
  const opened = ids.flatMap((id) => policies.get(id) ?? []);
  const wanted = sql`
    wanted as (
      select * from unnest(${ids}::uuid[], ${opened.map((p) => p.unit)}::text[], ${opened.map((p) => p.starting)}::bigint[],
        ${opened.map((p) => p.max)}::bigint[], ${opened.map((p) => p.refreshPerHour)}::bigint[])
        as w (account_id, unit, starting, refill_max, refill_per_hour) order by 1
    )`;
  await sql`
    with ${wanted}, reopened as (
      update pool p set unit = w.unit, balance = w.starting, refilled_at = clock_timestamp(),
        refill_max = w.refill_max, refill_per_hour = w.refill_per_hour
      from wanted w, pool old
      where p.account_id = w.account_id and p.unit <> w.unit and old.account_id = p.account_id
      returning p.account_id, p.balance - old.balance as change
    )
    insert into ledger_entry (account_id, kind, amount) select account_id, 'reset', change from reopened`.execute(
    tx,
  );
  await sql`
    with ${wanted}, opened as (
      insert into pool (account_id, unit, balance, refilled_at, refill_max, refill_per_hour)
      select account_id, unit, starting, clock_timestamp(), refill_max, refill_per_hour from wanted
      on conflict (account_id) do nothing returning account_id, balance
    )
    insert into ledger_entry (account_id, kind, amount) select account_id, 'opening', balance from opened`.execute(
    tx,
  );
}

/** A group reads a pool once for each of its requests: their refills are one entry. */
function mergedRefills(entries: readonly PoolEntry[]): readonly PoolEntry[] {
  const refills = new Map<string, PoolEntry>();
  const others: PoolEntry[] = [];
  for (const entry of entries) {
    const known = refills.get(entry.accountId);
    if (entry.kind !== 'refill') others.push(entry);
    else
      refills.set(
        entry.accountId,
        known ? { ...entry, amount: (known.amount + entry.amount) as Coins } : entry,
      );
  }
  return [...refills.values(), ...others];
}
