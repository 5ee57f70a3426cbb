import { Command } from 'commander';
import { sql } from 'kysely';
import { type LedgerMismatch, ledgerMismatches } from '../budget/audit-ledger.ts';
import { type UnexplainedSettlement, unexplainedSettlements } from '../budget/audit-settlements.ts';
import type { Sql } from '../db/orm.ts';
import { type Coins, formatCoins } from '../kernel/coins.ts';
import { JSON_OPTION, type Output, tell } from './result.ts';
import { withStore } from './store-command.ts';

interface Audit {
  readonly pools: number;
  readonly entries: number;
  readonly mismatches: readonly LedgerMismatch[];
  readonly settlements: readonly UnexplainedSettlement[];
  /** What people call the accounts that are wrong. */
  readonly names: ReadonlyMap<string, string>;
}

export const auditLedger = (): Command =>
  new Command('audit-ledger')
    .description(
      'check that the ledger explains every balance, hold and settlement, also while Lumen runs; exit with 1 when it does not',
    )
    .option(...JSON_OPTION)
    .action(async (output: Output) => {
      const audit = await withStore(({ sql: connection }) => auditOf(connection));
      const ok = audit.mismatches.length === 0 && audit.settlements.length === 0;
      const { pools, entries } = audit;
      const result = { ok, pools, entries, ...inJson(audit) };
      tell(output, result, ok ? `${said(audit)} All of it agrees.` : inWords(audit));
      if (!ok) process.exitCode = 1;
    });

/** One snapshot, so what is being written meanwhile is seen whole or not at all; it may take its time. */
const auditOf = (connection: Sql): Promise<Audit> =>
  connection
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      await sql`set local statement_timeout = 0`.execute(tx);
      const mismatches = await ledgerMismatches(tx);
      const settlements = await unexplainedSettlements(tx);
      const { rows } = await sql<{ pools: bigint; entries: bigint }>`
        select (select count(*) from pool) as pools, (select count(*) from ledger_entry) as entries`.execute(
        tx,
      );
      const [pools, entries] = [Number(rows[0]?.pools), Number(rows[0]?.entries)];
      const names = await namesOf(
        tx,
        [...mismatches, ...settlements].map(({ accountId }) => accountId),
      );
      return { pools, entries, mismatches, settlements, names };
    });

async function namesOf(tx: Sql, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ id: string; name: string }>`
    select id, coalesce(email, slug, name) as name from account where id = any(${ids}::uuid[])`.execute(
    tx,
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

const said = ({ pools, entries }: Audit): string =>
  `${counted(pools, 'pool')}, ${entries} ${entries === 1 ? 'entry' : 'entries'} in the ledger.`;

const counted = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? '' : 's'}`;

function inWords(audit: Audit): string {
  const nameOf = (id: string) => audit.names.get(id) ?? id;
  return [
    ...audit.mismatches.map(
      ({ accountId, balance, entered, held, reserved }) =>
        `${nameOf(accountId)}: balance ${amount(balance)}, entries ${amount(entered)}; held ${amount(held)}, reserved ${amount(reserved)}`,
    ),
    ...audit.settlements.map(
      ({ accountId, requestId, charge, cost }) =>
        `${nameOf(accountId)}: paid ${amount(charge)} for request ${requestId}, which ${cost === null ? 'is not in the log' : `cost ${amount(cost)}`}`,
    ),
    `${said(audit)} ${counted(audit.mismatches.length, 'pool')} and ${counted(audit.settlements.length, 'settlement')} do not agree.`,
  ].join('\n');
}

function inJson({ mismatches, settlements, names }: Audit): object {
  const account = (id: string) => ({ id, name: names.get(id) ?? null });
  return {
    mismatches: mismatches.map(({ accountId, balance, entered, held, reserved }) => ({
      account: account(accountId),
      balance: amount(balance),
      entered: amount(entered),
      held: amount(held),
      reserved: amount(reserved),
    })),
    settlements: settlements.map(({ accountId, requestId, charge, cost }) => ({
      account: account(accountId),
      requestId,
      charge: amount(charge),
      cost: cost === null ? null : amount(cost),
    })),
  };
}

const amount = (millionths: bigint): string => formatCoins(millionths as Coins);
