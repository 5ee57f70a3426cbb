/** The command line: `npm run lumen -- <command>`. Results go to standard output, everything else to standard error. */
import { Command } from 'commander';
import type { Logger } from 'pino';
import { ensurePerson } from './account/ensure-person.ts';
import { placeFrom } from './config/place.ts';
import { ConfigError } from './config/problem.ts';
import { configureCommand } from './configured.ts';
import type { Context } from './context.ts';
import { Failure } from './kernel/failure.ts';
import { VERSION } from './kernel/version.ts';
import { createApiKey } from './key/create-api-key.ts';
import { MemoryBus } from './live/memory-bus.ts';
import { openLogger } from './logger.ts';
import { openStoreBeside } from './store.ts';

type CommandContext = Pick<Context, 'em' | 'sql' | 'config' | 'live'>;

const log = openLogger(process.env.LOG_LEVEL || 'warn');

/** Opens the database, whether the server runs or not, for as long as a command takes. */
async function withStore<T>(
  work: (ctx: CommandContext) => Promise<T>,
  logger: Logger = log,
): Promise<T> {
  const place = placeFrom(process.env);
  const config = await configureCommand(place, process.env, logger);
  const store = await openStoreBeside({ config, dataDir: place.dataDir, log: logger });
  try {
    return await work({ em: store.orm.em.fork(), sql: store.sql, config, live: new MemoryBus() });
  } finally {
    await store.close();
  }
}

const program = new Command('lumen')
  .description(
    'Administers this Lumen. The environment and config.yaml are read as the server reads them.',
  )
  .version(VERSION)
  .showHelpAfterError();

program
  .command('create-key')
  .description('make an API key for a person, who is created when unknown, and print it')
  .requiredOption('--email <address>', 'whose key it is')
  .requiredOption('--name <name>', 'what to call the key')
  .option('--json', 'print an object with id, name, hint and key')
  .action(async ({ email, name, json }: { email: string; name: string; json?: true }) => {
    const { apiKey, secret } = await withStore(async (ctx) =>
      createApiKey(ctx, await ensurePerson(ctx, email), name),
    );
    const { id, hint } = apiKey;
    process.stdout.write(
      `${json ? JSON.stringify({ id, name: apiKey.name, hint, key: secret }) : secret}\n`,
    );
  });

program
  .command('migrate')
  .description(
    'bring the database to the newest schema; the server does so by itself when it starts',
  )
  .action(async () => {
    await withStore(async () => undefined);
    process.stdout.write('The database has the newest schema.\n');
  });

try {
  await program.parseAsync();
} catch (error) {
  const isExpected = error instanceof ConfigError || error instanceof Failure;
  process.stderr.write(`${isExpected ? error.message : (error as Error).stack}\n`);
  process.exitCode = 1;
}
