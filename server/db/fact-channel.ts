/** Facts that no bus carries: a command beside the server, and a replica whose Redis is away, tell them through PostgreSQL. */
import { sql } from 'kysely';
import pg from 'pg';
import type { Logger } from 'pino';
import type { Bus } from '../live/bus.ts';
import type { Fact } from '../live/facts.ts';
import { MemoryBus } from '../live/memory-bus.ts';
import { Grouped } from './grouped.ts';
import type { Sql } from './orm.ts';

const CHANNEL = 'lumen';
const RETRY_MS = 1_000;
const CONNECT_MS = 5_000;

/** Tells the listeners of this process what others have told; comes back when its connection breaks. */
export class FactChannel {
  readonly #url: string;
  readonly #live: Bus;
  readonly #log: Logger;
  #client: pg.Client | null = null;
  #retry: NodeJS.Timeout | undefined;
  #isClosed = false;

  private constructor(url: string, live: Bus, log: Logger) {
    this.#url = url;
    this.#live = live;
    this.#log = log;
  }

  /** Resolves when what is told from now on is heard. @throws Error when the database can't be reached */
  static async open(url: string, live: Bus, log: Logger): Promise<FactChannel> {
    const channel = new FactChannel(url, live, log);
    await channel.#listen();
    return channel;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    await this.#client?.end().catch(() => undefined);
  }

  async #listen(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#url,
      application_name: 'lumen facts',
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_MS,
    });
    this.#client = client;
    client.on('error', (error) =>
      this.#log.warn(
        { error: error.message },
        'facts told through the database go unheard for a moment',
      ),
    );
    client.on('notification', ({ payload = '' }) => this.#received(payload));
    await client.connect();
    client.once('end', () => this.#listenLater());
    await client.query(`listen ${CHANNEL}`);
  }

  #received(payload: string): void {
    try {
      this.#live.publishHere(JSON.parse(payload) as Fact);
    } catch (error) {
      this.#log.warn({ err: error }, 'what came on the channel of facts is none');
    }
  }

  #listenLater(): void {
    clearTimeout(this.#retry);
    if (this.#isClosed) return;
    this.#retry = setTimeout(() => {
      this.#listen().then(
        // What was told meanwhile is not known: everything is looked at again.
        () => this.#live.publishHere({ kind: 'accessChanged', account: null }),
        () => this.#listenLater(),
      );
    }, RETRY_MS);
  }
}

/** Tells all servers on the same database, the teller among them; facts of the same moment share a statement. */
export function factTeller(connection: Sql): (facts: readonly Fact[]) => Promise<unknown> {
  const grouped = new Grouped<string, void>(async (payloads) => {
    await notify(connection, [...new Set(payloads)]);
    return payloads.map(() => undefined);
  });
  return (facts) => Promise.all(facts.map((fact) => grouped.add(JSON.stringify(fact))));
}

const notify = (connection: Sql, payloads: readonly string[]) =>
  sql`select pg_notify(${CHANNEL}, fact) from unnest(${payloads}::text[]) as fact`.execute(
    connection,
  );

/** The bus of a command: its facts reach every server on the same database, and a transaction's only when it holds. */
export class CommandBus extends MemoryBus {
  readonly #sql: Sql;
  #telling: Promise<unknown> = Promise.resolve();

  constructor(connection: Sql) {
    super();
    this.#sql = connection;
  }

  override publish(...facts: readonly Fact[]): void {
    const payloads = facts.map((fact) => JSON.stringify(fact));
    this.#telling = Promise.all([this.#telling, notify(this.#sql, payloads)]);
  }

  /** Resolves when everything was told. */
  override async close(): Promise<void> {
    await this.#telling;
    await super.close();
  }
}
