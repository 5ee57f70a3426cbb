/** Facts of processes that are on no bus: a command beside the server tells them through PostgreSQL. */
import { sql } from 'kysely';
import pg from 'pg';
import type { Logger } from 'pino';
import type { Bus } from '../live/bus.ts';
import type { Fact } from '../live/facts.ts';
import { MemoryBus } from '../live/memory-bus.ts';
import type { Sql } from './orm.ts';

const CHANNEL = 'lumen';
const RETRY_MS = 1_000;
const CONNECT_MS = 5_000;

/** Tells the listeners of this process what commands have told; comes back when its connection breaks. */
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
      this.#log.warn({ error: error.message }, 'facts of commands go unheard for a moment'),
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

/** The bus of a command: its facts reach every server on the same database, and a transaction's only when it holds. */
export class CommandBus extends MemoryBus {
  readonly #sql: Sql;
  #telling: Promise<unknown> = Promise.resolve();

  constructor(connection: Sql) {
    super();
    this.#sql = connection;
  }

  override publish(...facts: readonly Fact[]): void {
    for (const fact of facts)
      this.#telling = Promise.all([
        this.#telling,
        sql`select pg_notify(${CHANNEL}, ${JSON.stringify(fact)})`.execute(this.#sql),
      ]);
  }

  /** Resolves when everything was told. */
  override async close(): Promise<void> {
    await this.#telling;
    await super.close();
  }
}
