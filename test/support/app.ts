// A whole Lumen for a test: a real server on a free port, a database of its own, a model server that the test scripts.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { type App, openApp } from '../../server/app.ts';
import { Person } from './actors.ts';
import { type FakeModel, startFakeModel, waits } from './fake-model.ts';
import type { FakeRequest } from './fake-request.ts';
import { freshDatabase } from './services.ts';

export interface TestApp {
  readonly url: string;
  readonly databaseUrl: string;
  readonly configFile: string;
  /** The server behind the model `fake`, unless `models` names others. */
  readonly model: FakeModel;
  /** What the server logged, one object a line. */
  readonly log: readonly Record<string, unknown>[];
  /** Somebody who is signed in; each has an account of their own. */
  person(email?: string): Promise<Person>;
  /** Begins a turn in which the test speaks for the model. */
  turn(person: Person, content?: string): Promise<TestTurn>;
  /** What a statement gives, straight from the database; int8 columns are bigints. */
  rows<T = Record<string, unknown>>(statement: string, ...values: unknown[]): Promise<T[]>;
  /** Saves the configuration with these sections laid over it; it is in force a moment later. */
  saves(over: Sections): Promise<void>;
  close(): Promise<void>;
}

export interface TestTurn {
  /** Of the answer. */
  readonly id: string;
  readonly conversationId: string;
  /** The model's side. */
  readonly request: FakeRequest;
}

type Sections = Record<string, unknown>;

export interface TestAppOptions {
  /** Laid over the configuration, section by section. */
  readonly config?: Sections | ((model: FakeModel) => Sections);
  readonly env?: Record<string, string>;
  readonly databaseUrl?: string;
  readonly model?: FakeModel;
  readonly patienceMs?: number;
}

let people = 0;

/** Starts a Lumen; close it yourself, or let `testApp` do so at the end of the test. */
export async function startApp(options: TestAppOptions = {}): Promise<TestApp> {
  const folder = await mkdtemp(join(tmpdir(), 'lumen-app-'));
  const model = options.model ?? (await startFakeModel());
  const databaseUrl = options.databaseUrl ?? (await freshDatabase());
  const file = join(folder, 'config.yaml');
  const over = typeof options.config === 'function' ? options.config(model) : options.config;
  const saves = (more: Sections) =>
    writeFile(file, stringify({ ...configFor(model), ...over, ...more }));
  await saves({});
  const log: Record<string, unknown>[] = [];
  const app: App = await openApp({
    env: {
      PORT: '0',
      CONFIG_YAML: file,
      LUMEN_DATA_DIR: join(folder, 'data'),
      DATABASE_URL: databaseUrl,
      LOG_LEVEL: 'debug',
      ...options.env,
    },
    log: pino({ level: 'debug' }, { write: (line) => log.push(JSON.parse(line)) }),
    patienceMs: options.patienceMs ?? 100,
  });
  const close = async () => {
    await app.close();
    if (!options.model) await model.close();
    await rm(folder, { recursive: true, force: true });
  };
  people += 1;
  const person = (email = `person-${people}-${Math.random().toString(36).slice(2)}@example.org`) =>
    Person.signIn(app.url, email);
  const turn = (asker: Person, content?: string) => beginTurn(model, asker, content);
  const rows: TestApp['rows'] = (statement, ...values) => rowsOf(databaseUrl, statement, values);
  return {
    url: app.url,
    databaseUrl,
    configFile: file,
    model,
    log,
    person,
    turn,
    rows,
    saves,
    close,
  };
}

/** What a statement gives, of a database that perhaps no Lumen uses. */
export async function rowsOf<T>(
  url: string,
  statement: string,
  values: readonly unknown[] = [],
): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement, [...values])).rows as T[];
  } finally {
    await client.end();
  }
}

async function beginTurn(
  model: FakeModel,
  person: Person,
  content = 'Tell me something',
): Promise<TestTurn> {
  const arrival = model.received(model.requests.length + 1);
  model.answerNext(waits());
  const { assistantMessage, conversation } = await person.says(content);
  return { id: assistantMessage.id, conversationId: conversation.id, request: await arrival };
}

/** A Lumen that is closed when the test ends. */
export async function testApp(options: TestAppOptions = {}): Promise<TestApp> {
  const app = await startApp(options);
  onTestFinished(app.close);
  return app;
}

/** One model with prices that are easy to reckon with: a token read costs 0.001 coins, one written 0.002. */
export function configFor(model: FakeModel): Record<string, unknown> {
  return {
    version: 2,
    // The secrets are the same for all, so that replicas know each other's sessions and keys.
    app: {
      debug: true,
      dev_user: 'dev@example.com',
      secret_key: 'the-session-secret-of-tests-0123456789',
      encryption_key: 'the-api-key-secret-of-tests-0123456789',
    },
    admins: ['dev@example.com'],
    // Counted like everybody's requests, but never reached.
    rate_limiting: { limit: '1000000 per minute', failed_keys: '1000000 per minute' },
    models: [
      {
        name: 'fake',
        input_cost_per_million: 1000,
        output_cost_per_million: 2000,
        max_output_tokens: 1000,
        endpoints: [{ url: model.url, api_key: 'upstream-secret', model: 'fake-1' }],
      },
    ],
    groups: {
      default: { max: 10, refresh: 0, starting: 10, model_access: { default: 'allowed' } },
    },
  };
}
