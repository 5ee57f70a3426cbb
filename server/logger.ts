import { type DestinationStream, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

/** Structured lines on standard error; readable ones at a terminal. Standard output is for what commands give. */
export function openLogger(level: string): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination());
}

function destination(): DestinationStream {
  if (!process.stderr.isTTY) return pino.destination(2);
  return pretty({
    destination: 2,
    sync: true,
    translateTime: 'SYS:HH:MM:ss',
    minimumLevel: 'trace',
  });
}
