import { createHash } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import pg from 'pg';

/** Parsing and planning a statement of this length costs PostgreSQL more than running it. */
const LONG_CHARACTERS = 800;
/** Statements of ours are few, since what varies in them are parameters; a list in the text must not fill a server. */
const NAMED_MAX = 100;

const names = new Map<string, string>();

interface PreparingClientOptions extends pg.ClientConfig {
  /** A connection on which nothing is said for so long, though something was asked, is closed; left out, it never is. */
  readonly silenceMs?: number;
}

/** A connection that has PostgreSQL parse and plan each long statement once, and not each time that it is run. */
export class PreparingClient extends pg.Client {
  readonly #silenceMs: number;
  #heard: Socket | null = null;

  constructor(options: PreparingClientOptions = {}) {
    super(options);
    this.#silenceMs = options.silenceMs ?? 0;
    // Nothing is asked any more.
    this.on('drain', () => this.#heard?.setTimeout(0));
    this.#connection.on('errorMessage', withoutQuotations);
  }

  get #connection() {
    return (this as unknown as { connection: EventEmitter & { readonly stream: Socket } })
      .connection;
  }

  // biome-ignore lint/suspicious/noExplicitAny: pg overloads `query` in a dozen ways, and all of them pass through.
  override query(statement: any, values?: any, callback?: any): any {
    this.#listen();
    const name = typeof statement === 'string' && Array.isArray(values) ? nameOf(statement) : null;
    if (name === null) return super.query(statement, values, callback);
    return super.query({ name, text: statement, values: values.map(parameter) }, callback);
  }

  /** The network may swallow what is sent without an error: only silence tells then. */
  #listen(): void {
    const { stream } = this.#connection;
    if (stream !== this.#heard) stream.once('timeout', () => stream.destroy());
    this.#heard = stream;
    stream.setTimeout(this.#silenceMs);
  }
}

/** PostgreSQL quotes the row and the JSON that it refuses; what people wrote must not come into the log with the error. */
function withoutQuotations(error: { detail?: string; where?: string }): void {
  delete error.detail;
  delete error.where;
}

/** Arrays of plain values are written at once; pg would put quotes around each number, and a rope of strings together. */
function parameter(value: unknown): unknown {
  if (!Array.isArray(value) || !value.every(isPlain)) return value;
  return `{${value.map(element).join(',')}}`;
}

const isPlain = (value: unknown): boolean => value === null || typeof value !== 'object';

function element(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value !== 'string') return String(value);
  return `"${NEEDS_ESCAPE.test(value) ? value.replace(/["\\]/g, '\\$&') : value}"`;
}

const NEEDS_ESCAPE = /["\\]/;

function nameOf(text: string): string | null {
  if (text.length < LONG_CHARACTERS) return null;
  const known = names.get(text);
  if (known || names.size >= NAMED_MAX) return known ?? null;
  const name = `lumen_${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
  names.set(text, name);
  return name;
}
