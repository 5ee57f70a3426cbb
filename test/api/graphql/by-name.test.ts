// Operations that come by their name: those of the page, and no others.
import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from 'graphql-sse';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { startApp, type TestApp } from '../../support/app.ts';

const manifest = join(import.meta.dirname, '../../../client/build/persisted-documents.json');
const operations: Readonly<Record<string, string>> = existsSync(manifest)
  ? JSON.parse(await readFile(manifest, 'utf8'))
  : {};
const nameOf = (start: string): string =>
  Object.entries(operations).find(([, text]) => text.startsWith(start))?.[0] ?? '';

let app: TestApp;
beforeAll(async () => {
  if (!existsSync(manifest)) throw new Error('Run npm run build first: this tries what was built.');
  app = await startApp({ config: { graphql: { persisted_only: true } } });
});
afterAll(() => app.close());

interface Result {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { extensions: { code: string; reason?: string } }[];
}

const byName = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } });

async function posts(person: Person, body: object): Promise<Result & { status: number }> {
  const response = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...person.headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, ...((await response.json()) as Result) };
}

async function onSocket(person: Person, payload: { query: string; extensions: object }) {
  const socket = person.socket();
  try {
    const { value } = await socket
      .iterate({ ...payload, extensions: { ...payload.extensions } })
      .next();
    return value as Result;
  } catch (errors) {
    return { errors } as Result;
  } finally {
    await socket.dispose();
  }
}

async function asEvents(person: Person, payload: { query: string; extensions: object }) {
  const client = createClient({ url: `${app.url}/graphql/stream`, headers: person.headers });
  const { value } = await client
    .iterate({ ...payload, extensions: { ...payload.extensions } })
    .next();
  client.dispose();
  return value as Result;
}

test('an operation of the page is run by its name, over HTTP, a socket and events', async () => {
  const ada = await app.person();
  const payload = { query: '', extensions: byName(nameOf('query Viewer {')) };
  for (const result of [
    await posts(ada, { extensions: payload.extensions }),
    await onSocket(ada, payload),
    await asEvents(ada, payload),
  ])
    expect(result.data).toMatchObject({ viewer: { email: ada.email } });
});

test('names are the hashes of their texts', () => {
  for (const [name, text] of Object.entries(operations)) expect(hash('sha256', text)).toBe(name);
});

test('no name can be registered, and what is not a name is not one', async () => {
  const ada = await app.person();
  const query = '{ viewer { name } }';
  const extensions = byName(hash('sha256', query));
  const unknown = { code: 'NOT_FOUND', reason: 'persisted_query_not_found' };
  expect((await posts(ada, { query, extensions })).errors?.[0]?.extensions.reason).toBe(
    'persisted_only',
  );
  const asked = await posts(ada, { extensions });
  expect([asked.status, asked.errors?.[0]?.extensions]).toEqual([404, unknown]);
  expect((await onSocket(ada, { query: '', extensions })).errors?.[0]?.extensions).toEqual(unknown);
  for (const sha256Hash of ['__proto__', 'constructor', '', 7, null])
    expect((await posts(ada, { extensions: { persistedQuery: { sha256Hash } } })).data).toBeFalsy();
  for (const persistedQuery of [null, 7, 'x', []])
    expect((await posts(ada, { extensions: { persistedQuery } })).status).toBe(400);
});

test('with persisted_only browsers send nothing but the page’s operations; keys and administrators are free', async () => {
  const ada = await app.person();
  const own = '{ viewer { name } }';
  const refused = { code: 'FORBIDDEN', reason: 'persisted_only' };
  expect((await ada.graphql(own)).errors?.[0]?.extensions).toEqual(refused);
  expect((await onSocket(ada, { query: own, extensions: {} })).errors?.[0]?.extensions).toEqual(
    refused,
  );
  expect((await asEvents(ada, { query: own, extensions: {} })).errors?.[0]?.extensions).toEqual(
    refused,
  );
  // The text of one of the page's is as good as its name, however it is laid out.
  const text = operations[nameOf('query Viewer {')] ?? '';
  expect(await ada.refusal(text.replace(/\s+/g, ' '))).toBeUndefined();

  const admin = await app.person('dev@example.com');
  expect(await admin.refusal(own)).toBeUndefined();
  const adminsKey = await admin.withKey();
  expect(await adminsKey.refusal(own)).toBeUndefined();
  const { key } = await keyFor(ada);
  expect((await posts(ada, { query: own })).data).toBeFalsy();
  const response = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query: own }),
  });
  expect(((await response.json()) as Result).data).toMatchObject({ viewer: {} });
});

/** Made as the settings page makes it. */
async function keyFor(person: Person): Promise<{ readonly key: string }> {
  const { data } = await posts(person, {
    extensions: byName(nameOf('mutation CreateApiKey(')),
    variables: { input: { name: 'script' } },
  });
  const { secret } = (data?.createApiKey ?? {}) as { secret?: string };
  return { key: secret ?? '' };
}
