/** What a request costs the database: transactions that write, and bytes of its log. */
import pg from 'pg';
import type { Table } from './figures.ts';
import { load } from './load.ts';
import { chatBody, MODELS, type Setting } from './setting.ts';

const CONCURRENT = 64;

interface Written {
  /** Identifiers of transactions are given out only to those that write. */
  readonly transactions: bigint;
  readonly logBytes: bigint;
}

export async function database(setting: Setting): Promise<Table> {
  const { lumen, pace } = setting;
  const client = new pg.Client(await setting.databaseUrl());
  await client.connect();
  const before = await written(client);
  const body = chatBody(MODELS.dummy, 16);
  const ms = pace.windowMs * pace.rounds;
  const { latencies } = await load(lumen, body, { callers: CONCURRENT, ms });
  const after = await written(client);
  await client.end();
  // Each caller asks once more to connect, and once beyond the end of the window.
  const requests = latencies.length + 2 * CONCURRENT;
  const transactions = Number(after.transactions - before.transactions) - 1;
  return {
    name: 'database',
    title: `The database, at ${CONCURRENT} concurrent whole answers`,
    columns: ['requests', 'transactions', 'per request', 'requests/group', 'log kB/request'],
    rows: [
      [
        requests,
        transactions,
        transactions / requests,
        // One transaction holds coins for a group of requests, another settles a group.
        (2 * requests) / transactions,
        Number(after.logBytes - before.logBytes) / 1024 / requests,
      ],
    ],
  };
}

async function written(client: pg.Client): Promise<Written> {
  const { rows } = await client.query<{ transactions: string; bytes: string }>(
    `select pg_current_xact_id()::text as transactions, pg_current_wal_insert_lsn() - '0/0'::pg_lsn as bytes`,
  );
  const [row] = rows;
  return {
    transactions: BigInt(row?.transactions ?? 0),
    logBytes: BigInt(Math.round(Number(row?.bytes ?? 0))),
  };
}
