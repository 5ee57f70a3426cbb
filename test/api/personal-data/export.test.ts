import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import { png } from '../../support/files.ts';
import { saysWith, uploads } from '../upload/uploading.ts';
import { HELLO, post } from '../v1/client.ts';
import { unzipped } from './unzipped.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

interface Exported {
  readonly form: string;
  readonly profile: { readonly email: string; readonly groups: string[] };
  readonly apiKeys: { readonly name: string; readonly hint: string }[];
  readonly sessions: unknown[];
  readonly usage: { readonly month: string; readonly source: string; readonly requests: number }[];
  readonly conversations: {
    readonly title: string;
    readonly isHidden: boolean;
    readonly messages: { readonly role: string; readonly content: string }[];
  }[];
}
const exportOf = ({ headers }: { headers: Record<string, string> }) =>
  fetch(`${app.url}/account/export`, { headers });

test('a person gets all that is kept of them as one file, and nothing of anybody else', async () => {
  const [ada, eve] = [await app.person(), await app.person()];
  await eve.says('Eve was here');
  const { key } = await ada.withKey('a script');
  await (await post(app, HELLO, { key })).text();
  for (let count = 0; count < 7; count += 1) {
    const { assistantMessage, conversation } = await ada.says(`Question ${count}`);
    await ada.awaits(assistantMessage.id);
    if (count === 0)
      await ada.asks('mutation ($id: ID!) { deleteConversation(id: $id) }', {
        id: conversation.id,
      });
  }
  const response = await exportOf(ada);
  expect(response.headers.get('content-disposition')).toMatch(
    /^attachment; filename="lumen-data-\d{4}-\d\d-\d\d\.json"$/,
  );
  expect(response.headers.get('cache-control')).toBe('no-store');
  const text = await response.text();
  const data = JSON.parse(text) as Exported;
  expect(data).toMatchObject({
    form: 'lumen-personal-data-1',
    profile: { email: ada.email, groups: ['default'] },
    apiKeys: [{ name: 'a script' }],
    sessions: [{}],
  });
  expect(data.usage).toMatchObject([
    { month: new Date().toISOString().slice(0, 7), source: 'api', requests: 1 },
    { month: new Date().toISOString().slice(0, 7), source: 'chat', requests: 7 },
  ]);
  expect(data.conversations.map(({ messages }) => messages[0]?.content)).toEqual(
    Array.from({ length: 7 }, (_, count) => `Question ${count}`),
  );
  expect(data.conversations.filter(({ isHidden }) => isHidden)).toHaveLength(1);
  expect(text).not.toContain('Eve was here');
  expect(text).not.toContain(key);
  expect(text).not.toMatch(/hash/);
});

test('the archive has the document, and each file that it names as it came', async () => {
  const [ada, eve] = [await app.person(), await app.person()];
  await uploads(eve, 'Eve was here', 'eve.txt');
  const long = randomBytes(3_000_000);
  const sent = [await uploads(ada, 'first', 'Über.txt'), await uploads(ada, 'second', 'über.TXT')];
  const { conversation } = await saysWith(ada, 'Look at these', sent);
  await ada.asks('mutation ($id: ID!) { deleteConversation(id: $id) }', { id: conversation.id });
  await uploads(ada, Buffer.concat([png(2, 2), long]), 'photo.png');
  const response = await fetch(`${app.url}/account/export.zip`, { headers: ada.headers });
  expect(response.headers.get('content-type')).toBe('application/zip');
  expect(response.headers.get('content-disposition')).toMatch(
    /^attachment; filename="lumen-data-\d{4}-\d\d-\d\d\.zip"$/,
  );
  const files = unzipped(Buffer.from(await response.arrayBuffer()));
  expect([...files.keys()]).toEqual([
    'data.json',
    'files/Über.txt',
    'files/über (2).TXT',
    'files/photo.png',
  ]);
  const data = JSON.parse(String(files.get('data.json'))) as Exported & {
    uploads: { file: string; name: string; size: number }[];
  };
  expect(data.profile.email).toBe(ada.email);
  expect(data.uploads.map(({ name }) => name)).toEqual(['Über.txt', 'über.TXT', 'photo.png']);
  for (const { file, size } of data.uploads) expect(files.get(file)?.length).toBe(size);
  expect(String(files.get('files/über (2).TXT'))).toBe('second');
  expect(files.get('files/photo.png')?.subarray(-long.length).equals(long)).toBe(true);
});

test('who leaves midway harms nobody, and the server says so', async () => {
  const ada = await app.person();
  for (let at = 0; at < 4; at += 1)
    await uploads(ada, Buffer.concat([png(2, 2), randomBytes(9_000_000)]), `${at}.png`);
  const leaving = new AbortController();
  const response = await fetch(`${app.url}/account/export.zip`, {
    headers: ada.headers,
    signal: leaving.signal,
  });
  await response.body?.getReader().read();
  leaving.abort();
  await expect
    .poll(() => app.log.some(({ msg }) => msg === 'an export ended early'), { timeout: 15_000 })
    .toBe(true);
  expect((await exportOf(ada)).status).toBe(200);
});

test('the file of somebody without a word is whole as well', async () => {
  const data = (await (await exportOf(await app.person())).json()) as Exported;
  expect(data.conversations).toEqual([]);
  expect(data.usage).toEqual([]);
});

test('nobody gets a file without signing in, or with a key that may not read', async () => {
  expect((await exportOf({ headers: {} })).status).toBe(401);
  expect((await fetch(`${app.url}/account/export.zip`)).status).toBe(401);
  const ada = await app.person();
  const made = await ada.asks<{ createApiKey: { secret: string } }>(
    'mutation { createApiKey(input: { name: "chat", scopes: [CHAT] }) { secret } }',
  );
  const headers = { authorization: `Bearer ${made.createApiKey.secret}` };
  expect((await exportOf({ headers })).status).toBe(403);
  expect((await exportOf(await ada.withKey())).status).toBe(200);
});
