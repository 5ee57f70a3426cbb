import { type DestinationStream, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from './config/config.ts';
import type { Env } from './config/interpolate.ts';

/** Structured lines on standard error; readable ones at a terminal. Standard output is for what commands give. */
export function openLogger(level: string): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination());
}

/** Logs what the configuration asks for, unless the environment says otherwise. */
export function followLevel(log: Logger, env: Env, { logs }: Config): void {
  if (!env.LOG_LEVEL) log.level = logs.level;
}

/** Lines are written many at a time: each write wakes a thread, which costs more than the line. */
const LINES_BYTES = 8_192;
const LINES_MS = 100;

function destination(): DestinationStream {
  if (!process.stderr.isTTY)
    return pino.destination({
      dest: 2,
      sync: false,
      minLength: LINES_BYTES,
      periodicFlush: LINES_MS,
    });
  return pretty({
    destination: 2,
    sync: true,
    translateTime: 'SYS:HH:MM:ss',
    minimumLevel: 'trace',
  });
}
