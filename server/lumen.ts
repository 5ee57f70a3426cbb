/** The command line: `npm run lumen -- <command>`. Results go to standard output, everything else to standard error. */
import { Command } from 'commander';
import { auditLedger } from './cli/audit-ledger-command.ts';
import { checkConfig } from './cli/check-config-command.ts';
import { initDb, migrateDb } from './cli/database-commands.ts';
import { createKey } from './cli/key-command.ts';
import { reassign } from './cli/reassign-model-command.ts';
import { user } from './cli/user-command.ts';
import { ConfigError } from './config/problem.ts';
import { Failure } from './kernel/failure.ts';
import { VERSION } from './kernel/version.ts';

const program = new Command('lumen')
  .description(
    'Administers this Lumen. The environment and config.yaml are read as the server reads them.',
  )
  .version(VERSION)
  .showHelpAfterError();

for (const command of [auditLedger, checkConfig, createKey, initDb, migrateDb, reassign, user])
  program.addCommand(command());

try {
  await program.parseAsync();
} catch (error) {
  const isExpected = error instanceof ConfigError || error instanceof Failure;
  process.stderr.write(`${isExpected ? error.message : (error as Error).stack}\n`);
  process.exitCode = 1;
}
