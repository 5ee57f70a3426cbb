import { placeFrom } from '../config/place.ts';
import { configureCommand } from '../configured.ts';
import type { Context } from '../context.ts';
import { CommandBus } from '../db/fact-channel.ts';
import { openLogger } from '../logger.ts';
import { openStoreBeside } from '../store.ts';

/** Nobody asks through a door: whoever runs a command has the machine. */
export type CommandContext = Pick<Context, 'em' | 'sql' | 'config' | 'live'> & {
  readonly actor: null;
};

/** Opens the database, whether the server runs or not, for as long as a command takes; running servers hear its facts. */
export async function withStore<T>(work: (ctx: CommandContext) => Promise<T>): Promise<T> {
  const log = openLogger(process.env.LOG_LEVEL || 'warn');
  const place = placeFrom(process.env);
  const config = await configureCommand(place, process.env, log);
  const { orm, sql, close } = await openStoreBeside({ config, dataDir: place.dataDir, log });
  const live = new CommandBus(sql);
  try {
    const result = await work({ em: orm.em.fork(), sql, config, live, actor: null });
    await live.close();
    return result;
  } finally {
    await close();
  }
}
