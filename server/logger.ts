import { type DestinationStream, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from './config/config.ts';
import type { Env } from './config/interpolate.ts';
import { logLevel } from './config/schema-app.ts';

/** Structured lines on standard error; readable ones at a terminal. Standard output is for what commands give. */
export function openLogger(named: string): Logger {
  const { data: level = 'info', success } = logLevel.safeParse(named);
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  const log = pino(options, destination());
  if (!success) log.warn(`LOG_LEVEL is "${named}", which is no level; it is read as info.`);
  return log;
}

/** Logs what the configuration asks for, unless the environment says otherwise. */
export function followLevel(log: Logger, env: Env, { logs }: Config): void {
  if (!env.LOG_LEVEL) log.level = logs.level;
}

/** Lines are written many at a time: each write wakes a thread, which costs more than the line. */
const LINES_BYTES = 8_192;
/** A line waits at most twice this. */
const LINES_MS = 50;

function destination(): DestinationStream {
  if (!process.stderr.isTTY) return new Lines();
  return pretty({
    destination: 2,
    sync: true,
    translateTime: 'SYS:HH:MM:ss',
    minimumLevel: 'trace',
  });
}

/** Gathers lines before pino's own destination does, which measures all that it has with each line that comes. */
class Lines implements DestinationStream {
  readonly #to: ReturnType<typeof pino.destination>;
  #lines: string[] = [];
  #length = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor() {
    // Before the destination's own, which writes what it has.
    process.once('exit', () => this.#handOver());
    this.#to = pino.destination({
      dest: 2,
      sync: false,
      minLength: LINES_BYTES,
      periodicFlush: LINES_MS,
    });
  }

  write(line: string): void {
    this.#lines.push(line);
    this.#length += line.length;
    if (this.#length >= LINES_BYTES) this.#handOver();
    else this.#timer ??= setTimeout(() => this.#handOver(), LINES_MS).unref();
  }

  /** Pino asks for it with a fatal line. */
  flushSync(): void {
    this.#handOver();
    this.#to.flushSync();
  }

  #handOver(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#length === 0) return;
    const text = this.#lines.join('');
    this.#lines = [];
    this.#length = 0;
    this.#to.write(text);
  }
}
