import pg from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Person } from '../../support/actors.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { startFakeModel, waits } from '../../support/fake-model.ts';
import { LumenProcess } from '../../support/lumen-process.ts';
import { freshDatabase } from '../../support/services.ts';
import { uploads } from '../upload/uploading.ts';
import { HELLO } from '../v1/client.ts';
import { RawConnection } from './raw-connection.ts';

// One of them starts a process from its sources.
vi.setConfig({ testTimeout: 60_000 });

/** Longer than a test may take: whoever waits for its end has not closed. */
const PATIENT_MS = 300_000;

/** A Lumen that a test closes itself; its model and database are there still when it is gone. */
async function closable(patienceMs = PATIENT_MS, config = {}) {
  const shared = { model: await startFakeModel(), databaseUrl: await freshDatabase() };
  onTestFinished(() => shared.model.close());
  return startApp({ ...shared, patienceMs, config });
}

const isRefused = (url: string) =>
  fetch(`${url}/healthz`, { headers: { connection: 'close' } }).then(
    () => false,
    () => true,
  );
/** Resolves when nobody can connect any more, so that the end has begun. */
const hasBegunToClose = ({ url }: { url: string }) =>
  expect.poll(() => isRefused(url), { timeout: 30_000 }).toBe(true);

/** Has a lock on a table until it is told to let go; gives whether anybody waits for it. */
async function locked(app: TestApp, table: string) {
  const client = new pg.Client({ connectionString: app.databaseUrl });
  await client.connect();
  await client.query(`begin; lock table ${table} in access exclusive mode`);
  const isAwaited = async () =>
    (await app.rows('select from pg_locks where not granted and relation = $1::regclass', table))
      .length > 0;
  return {
    awaited: () => expect.poll(isAwaited, { timeout: 30_000 }).toBe(true),
    letsGo: () => client.end(),
  };
}

const UPLOAD = 'POST /uploads?name=slow.txt';
const fileOf = (ada: Person, bytes: number) => ({
  ...ada.headers,
  'content-type': 'application/octet-stream',
  'content-length': bytes,
  expect: '100-continue',
});

test('R22 a file that is being sent while SIGTERM comes is taken whole, and the process ends in good order', async () => {
  const shared = { model: await startFakeModel(), databaseUrl: await freshDatabase() };
  onTestFinished(() => shared.model.close());
  const lumen = await LumenProcess.start(shared.model, shared.databaseUrl);
  const ada = await Person.signIn(lumen.url, 'ada@example.org');
  const connection = await RawConnection.open(lumen);
  connection.asks(UPLOAD, fileOf(ada, 10));
  await connection.hears('HTTP/1.1 100 Continue');
  connection.says('first');

  const ending = lumen.ends('SIGTERM');
  await hasBegunToClose(lumen);
  connection.says('-last');

  await connection.hears('HTTP/1.1 201 Created');
  await connection.hears('"size":10');
  expect(await ending).toBe(0);
});

test('R22 a mutation that waits in the database is answered, and what it did is kept', async () => {
  const app = await closable();
  const ada = await app.person();
  const { conversation, assistantMessage } = await ada.says('Hello');
  await ada.awaits(assistantMessage.id);
  const lock = await locked(app, 'conversation');
  const renaming = ada.asks<{ renameConversation: { title: string } }>(
    'mutation ($id: ID!) { renameConversation(id: $id, title: "Renamed") { title } }',
    { id: conversation.id },
  );
  await lock.awaited();

  const closing = app.close();
  await hasBegunToClose(app);
  await lock.letsGo();

  expect(await renaming).toEqual({ renameConversation: { title: 'Renamed' } });
  await closing;
  expect(await app.rows('select title from conversation')).toEqual([{ title: 'Renamed' }]);
});

test('R22 a mutation on a socket is answered too, and nothing new is begun there', async () => {
  const app = await closable();
  const ada = await app.person();
  const { conversation, assistantMessage } = await ada.says('Hello');
  await ada.awaits(assistantMessage.id);
  const socket = ada.socket();
  const asks = async (title: string) => {
    const query =
      'mutation ($id: ID!, $title: String!) { renameConversation(id: $id, title: $title) { title } }';
    const variables = { id: conversation.id, title };
    for await (const { data, errors } of socket.iterate({ query, variables }))
      return data ?? errors?.[0]?.extensions?.code;
  };
  const lock = await locked(app, 'conversation');
  const renaming = asks('Renamed');
  await lock.awaited();

  const closing = app.close();
  await hasBegunToClose(app);
  expect(await asks('Too late')).toBe('MODEL_UNAVAILABLE');
  await lock.letsGo();

  expect(await renaming).toEqual({ renameConversation: { title: 'Renamed' } });
  await closing;
  expect(await app.rows('select title from conversation')).toEqual([{ title: 'Renamed' }]);
});

test('R22 an export that is under way becomes a whole file', async () => {
  const app = await closable();
  const ada = await app.person();
  const { assistantMessage } = await ada.says('Mine');
  await ada.awaits(assistantMessage.id);
  const lock = await locked(app, 'conversation');
  const exported = fetch(`${app.url}/account/export`, { headers: ada.headers });
  await lock.awaited();

  const closing = app.close();
  await hasBegunToClose(app);
  await lock.letsGo();

  const { conversations } = (await (await exported).json()) as { conversations: object[] };
  expect(conversations).toMatchObject([{ messages: [{ content: 'Mine' }, {}] }]);
  await closing;
});

test('R22 a file is read to its end by whoever reads slowly, though all of it was written before', async () => {
  const app = await closable(PATIENT_MS, { chat: { upload: { max_size_mb: 40 } } });
  const ada = await app.person();
  const bytes = 32 * 1024 * 1024;
  const { url } = await uploads(ada, 'x'.repeat(bytes), 'long.txt');
  const connection = await RawConnection.open(app);
  connection.asks(`GET ${url}`, ada.headers);
  await connection.hears('\r\n\r\n');
  connection.pauses();

  const closing = app.close();
  await hasBegunToClose(app);
  const before = connection.heard.length;
  connection.resumes();

  await connection.closed;
  expect(before).toBeLessThan(bytes);
  expect(connection.heard).toHaveLength(bytes);
  await closing;
});

test('a connection that is only kept open does not hold up the end', async () => {
  const app = await closable();
  const connection = await RawConnection.open(app);
  connection.asks('GET /healthz', {});
  await connection.hears('ok');
  const unused = await RawConnection.open(app);

  await app.close();

  await Promise.all([connection.closed, unused.closed]);
});

test.each([
  ['GET /v1/models', '"code":"model_unavailable"'],
  ['GET /account/export', '"code":"MODEL_UNAVAILABLE"'],
])('R22 nothing new is taken on a connection that is open still: %s', async (asked, code) => {
  const app = await closable();
  const ada = await (await app.person()).withKey();
  app.model.answer(waits());
  const body = JSON.stringify({ ...HELLO, stream: true });
  const connection = await RawConnection.open(app);
  connection.asks('POST /v1/chat/completions', {
    ...ada.headers,
    'content-type': 'application/json',
    'content-length': body.length,
  });
  connection.says(body);
  await app.model.says('Hel');
  await connection.hears('Hel');
  // So that the end is not over with the answer.
  const slow = await RawConnection.open(app);
  slow.asks(UPLOAD, fileOf(ada, 2));
  await slow.hears('HTTP/1.1 100 Continue');

  const closing = app.close();
  await hasBegunToClose(app);
  await app.model.finishes();
  await connection.hears('[DONE]');
  connection.asks(asked, ada.headers);

  await connection.hears('HTTP/1.1 503');
  await connection.hears(code);
  await connection.closed;
  slow.says('ok');
  await slow.hears('HTTP/1.1 201 Created');
  await closing;
});

test('what takes too long is broken off, and its end in the database is waited for', async () => {
  const app = await closable(50);
  const ada = await app.person();
  const { conversation, assistantMessage } = await ada.says('Hello');
  await ada.awaits(assistantMessage.id);
  const lock = await locked(app, 'conversation');
  const renaming = ada.graphql(
    'mutation ($id: ID!) { renameConversation(id: $id, title: "Late") { title } }',
    { id: conversation.id },
  );
  const broken = expect(renaming).rejects.toThrow('fetch failed');
  await lock.awaited();
  const slow = await RawConnection.open(app);
  slow.asks(UPLOAD, fileOf(ada, 10));
  await slow.hears('HTTP/1.1 100 Continue');

  await app.close();

  await broken;
  await slow.closed;
  await lock.letsGo();
});
