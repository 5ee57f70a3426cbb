/** The database behind a process: a server that was given, or PostgreSQL's own binaries in the data folder. */
import type { Logger } from 'pino';
import { Account } from './account/account.entity.ts';
import { Conversation } from './chat/conversation.entity.ts';
import { Folder } from './chat/folder.entity.ts';
import { Message } from './chat/message.entity.ts';
import { SavedPrompt } from './chat/saved-prompt.entity.ts';
import type { Config } from './config/config.ts';
import { runningEmbedded, startEmbedded } from './db/embedded.ts';
import { migrate } from './db/migrate.ts';
import {
  type Orm,
  openOrm,
  type PoolState,
  poolOf,
  SILENCE_MS,
  type Sql,
  sqlOf,
} from './db/orm.ts';
import { ApiKey } from './key/api-key.entity.ts';

export interface Store {
  readonly orm: Orm;
  readonly sql: Sql;
  readonly pool: PoolState;
  /** For a connection outside the pool. */
  readonly url: string;
  /** No other process can use this database while this one does. */
  readonly isOnlyUser: boolean;
  close(): Promise<void>;
}

export const ENTITIES = [Account, ApiKey, Conversation, Folder, Message, SavedPrompt];

interface Opening {
  readonly config: Config;
  readonly dataDir: string;
  readonly log: Logger;
  /** As of `OrmOptions`; left out, what a server can wait. */
  readonly silenceMs?: number;
  /** PostgreSQL has ended by itself: nothing works from now on. */
  readonly onLost?: (reason: Error) => void;
}

export type StoreOptions = Omit<Opening, 'silenceMs'>;

/** Opens the store of the server, and brings it to the newest schema. */
export async function openStore(options: Opening): Promise<Store> {
  const { config, dataDir, log, onLost } = options;
  const given = config.database.url;
  if (given !== null) return connect(given, options, false, async () => undefined);
  const embedded = await startEmbedded(dataDir, log, onLost ? { onExit: onLost } : {});
  return connect(embedded.url, options, true, () => embedded.stop());
}

/** Opens the store for a command, which takes its time, whether the server runs or not. */
export async function openStoreBeside(command: StoreOptions): Promise<Store> {
  const options = { ...command, silenceMs: 0 };
  const { config, dataDir } = options;
  const running = config.database.url === null ? await runningEmbedded(dataDir) : null;
  if (running === null) return openStore(options);
  return connect(running, options, false, async () => undefined);
}

async function connect(
  url: string,
  { config, log, silenceMs = SILENCE_MS }: Opening,
  isOnlyUser: boolean,
  stop: () => Promise<void>,
): Promise<Store> {
  try {
    const applied = await migrate(url);
    if (applied.length > 0)
      log.info({ migrations: applied }, 'the database was brought to the newest schema');
    const { poolSizeMax, acquireTimeoutMs } = config.database;
    const limits = { poolSizeMax, acquireTimeoutMs, silenceMs };
    const orm = await openOrm({ url, entities: ENTITIES, ...limits, log });
    const close = async () => {
      await orm.close(true);
      await stop();
    };
    const pool = await poolOf(orm);
    return { orm, sql: sqlOf(orm), pool, url, isOnlyUser, close };
  } catch (error) {
    await stop();
    throw error;
  }
}
