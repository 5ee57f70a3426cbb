/** Starts Lumen, says where it is, and drains it on Ctrl-C and SIGTERM. */
import './heap.ts';
import { type App, openApp } from './app.ts';
import { ConfigError } from './config/problem.ts';
import { Failure } from './kernel/failure.ts';
import { openLogger } from './logger.ts';
import { welcome } from './welcome.ts';

const log = openLogger(process.env.LOG_LEVEL || 'info');

process.on('unhandledRejection', (error) =>
  log.error({ err: error }, 'a rejection was not handled'),
);
process.on('uncaughtException', (error) =>
  log.fatal({ err: error }, 'an exception was not caught'),
);

let app: App | null = null;
let isClosing = false;

async function close(exitCode: number): Promise<void> {
  if (isClosing) return;
  isClosing = true;
  await app?.close().catch((error) => log.error({ err: error }, 'closing failed'));
  process.exit(exitCode);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void close(0));

try {
  app = await openApp({ env: process.env, log, onLost: () => void close(1) });
  process.stdout.write(welcome(app));
} catch (error) {
  const isExpected = error instanceof ConfigError || error instanceof Failure;
  process.stderr.write(isExpected ? `${error.message}\n` : `${(error as Error).stack}\n`);
  process.exit(1);
}
