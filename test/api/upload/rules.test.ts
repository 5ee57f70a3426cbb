import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Person } from '../../support/actors.ts';
import { startApp, type TestApp, testApp } from '../../support/app.ts';
import { docx, pdf, png } from '../../support/files.ts';
import { exchange, requestText } from '../v1/raw.ts';
import { saysWith, tryUpload, uploads } from './uploading.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

/** The machine may be busy with other tests. */
const PATIENCE = { timeout: 15_000, interval: 20 };
const DELETE = 'mutation ($id: ID!) { deleteUpload(id: $id) }';
const UNSENT = '{ unsentUploads { id name } }';
const rowsOf = () => app.rows<{ count: bigint }>('select count(*) from upload');

test('a file is given back to its owner as it came, and to nobody else', async () => {
  const [ada, bob] = [await app.person(), await app.person()];
  const bytes = pdf('Secret');
  const { url, name } = await uploads(ada, bytes, 'Übersicht "1".pdf');
  expect(name).toBe('Übersicht "1".pdf');
  const own = await fetch(app.url + url, { headers: ada.headers });
  expect(own.status).toBe(200);
  expect(Buffer.from(await own.arrayBuffer()).equals(bytes)).toBe(true);
  const etag = own.headers.get('etag') ?? '';
  const again = requestText('GET', url, { ...ada.headers, 'if-none-match': etag });
  expect(await exchange(app, again)).toMatch(/^HTTP\/1.1 304 /);
  for (const headers of [bob.headers, {}, { ...bob.headers, 'if-none-match': etag }]) {
    const answer = await fetch(app.url + url, { headers: { ...headers } });
    expect([401, 404]).toContain(answer.status);
    expect(await answer.text()).not.toContain('Secret');
  }
  expect((await fetch(`${app.url}/uploads/nothing`, { headers: ada.headers })).status).toBe(404);
});

test('R48: a file is served so that no browser opens it as a page', async () => {
  const ada = await app.person();
  const { url } = await uploads(ada, '<script>alert(1)</script>', 'a.html');
  const { headers } = await fetch(app.url + url, { headers: ada.headers });
  expect(Object.fromEntries(headers)).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'content-disposition': 'attachment; filename=a.html',
    'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'private, no-cache',
  });
});

test('a page of another site shows no file and no export as its own; a link from there leads to them', async () => {
  const ada = await app.person();
  const { url } = await uploads(ada, 'Mine');
  for (const path of [url, '/account/export', '/account/export.zip']) {
    const statusFor = async (site: string, mode: string) => {
      const headers = { ...ada.headers, 'sec-fetch-site': site, 'sec-fetch-mode': mode };
      return (await exchange(app, requestText('GET', path, headers))).slice(9, 12);
    };
    expect(await statusFor('cross-site', 'no-cors')).toBe('403');
    expect(await statusFor('same-site', 'cors')).toBe('403');
    expect(await statusFor('same-origin', 'no-cors')).toBe('200');
    expect(await statusFor('cross-site', 'navigate')).toBe('200');
  }
});

test('a page of another site, a stranger and a project upload nothing', async () => {
  const ada = await app.person();
  const foreign = await tryUpload(ada, 'x', 'a.txt', { origin: 'https://evil.example' });
  expect(foreign).toMatchObject({ status: 403, code: 'FORBIDDEN' });
  expect(await tryUpload({ url: app.url, headers: {} }, 'x')).toMatchObject({ status: 401 });
  const key = await ada.withKey();
  expect((await tryUpload(key, 'x')).status).toBe(201);
});

test('a packed body is refused, an aborted one leaves nothing behind', async () => {
  const ada = await app.person();
  expect((await tryUpload(ada, 'x', 'a.txt', { 'content-encoding': 'gzip' })).status).toBe(415);
  const before = await rowsOf();
  const socket = connect(Number(new URL(app.url).port), 'localhost');
  const head = `POST /uploads?name=a.txt HTTP/1.1\r\nhost: x\r\ncookie: ${ada.headers.cookie}\r\ncontent-length: 100\r\n\r\nhalf`;
  await new Promise((sent) => socket.write(head, sent));
  expect((await tryUpload(ada, 'y', 'b.txt')).status).toBe(201);
  socket.destroy();
  await expect
    .poll(() => app.log.some(({ status }) => status === 499 || status === 400), PATIENCE)
    .toBe(true);
  expect((await rowsOf())[0]?.count).toBe((before[0]?.count ?? 0n) + 1n);
});

test('at most four files of one person arrive at a time; a slow one holds up nobody', async () => {
  const [ada, bob] = [await app.person(), await app.person()];
  const head = `POST /uploads?name=a.txt HTTP/1.1\r\nhost: x\r\ncookie: ${ada.headers.cookie}\r\ncontent-length: 100\r\n\r\nhalf`;
  const sockets = Array.from({ length: 5 }, () =>
    connect(Number(new URL(app.url).port), 'localhost'),
  );
  for (const socket of sockets) socket.write(head);
  // Whichever comes last is refused, and so the other four are being received.
  const [answer] = await Promise.race(sockets.map((socket) => once(socket, 'data')));
  expect(String(answer)).toMatch(/^HTTP\/1.1 429 (?:.|\s)*at a time/);
  expect((await tryUpload(bob, 'x')).status).toBe(201);
  for (const socket of sockets) socket.destroy();
  await expect.poll(async () => (await tryUpload(ada, 'x')).status, PATIENCE).toBe(201);
});

test('a file that hardly arrives is given up, and its connection with it', async () => {
  const ada = await app.person();
  const socket = connect(Number(new URL(app.url).port), 'localhost');
  const head = requestText('POST', '/uploads?name=a.txt', { ...ada.headers });
  socket.write(head.replace('\r\n\r\n', '\r\ncontent-length: 100\r\n\r\nhalf'));
  let answer = '';
  socket.on('data', (bytes) => {
    answer += bytes;
  });
  await once(socket, 'close');
  expect(answer).toMatch(/^HTTP\/1.1 408 (?:.|\s)*connection: close(?:.|\s)*upload_slow/i);
  expect((await tryUpload(ada, 'x')).status).toBe(201);
}, 60_000);

test('a key that may upload may let its file go again', async () => {
  const ada = await app.person();
  const { createApiKey } = await ada.asks<{ createApiKey: { secret: string } }>(
    'mutation { createApiKey(input: { name: "chat", scopes: [CHAT] }) { secret } }',
  );
  const script = new Person(app.url, ada.email, {
    authorization: `Bearer ${createApiKey.secret}`,
  });
  const { id } = await uploads(script, 'x');
  expect(await script.asks(DELETE, { id })).toEqual({ deleteUpload: id });
});

test('limits hold from the moment that the file says them, with words that say what to do', async () => {
  const own = await testApp();
  const ada = await own.person();
  const long = 'x'.repeat(1.5 * 2 ** 20);
  expect((await tryUpload(ada, long)).upload).toMatchObject({ size: long.length, isCut: true });

  await own.saves({ chat: { upload: { max_size_mb: 1, allowed_extensions: ['.PDF', 'txt'] } } });
  await expect
    .poll(async () => (await tryUpload(ada, long, 'long.txt')).message, PATIENCE)
    .toBe('“long.txt” is 1.5 MB; at most 1 MB may be uploaded.');
  expect(await tryUpload(ada, png(2, 2), 'a.png')).toMatchObject({
    status: 415,
    reason: 'upload_type',
  });
  expect((await tryUpload(ada, pdf('x'), 'a.pdf')).status).toBe(201);
  const streamed = await fetch(`${own.url}/uploads?name=a.txt`, {
    method: 'POST',
    headers: { ...ada.headers },
    body: new Blob([long]).stream(),
    duplex: 'half',
  } as RequestInit);
  expect([streamed.status, await streamed.text()]).toEqual([
    413,
    expect.stringContaining('“a.txt” is more than 1 MB; at most 1 MB may be uploaded.'),
  ]);

  await own.saves({ chat: { upload: { enabled: false } } });
  await expect.poll(async () => (await tryUpload(ada, 'x')).reason, PATIENCE).toBe('upload_off');
  expect(await ada.asks('{ uploadRules { bytesMax } }')).toEqual({ uploadRules: null });
});

test('a document longer than its limit is cut, and the model is told', async () => {
  const own = await testApp({ config: { chat: { upload: { max_text_chars: 10 } } } });
  const ada = await own.person();
  const files = [
    await uploads(ada, pdf('0123456789 and more', 'another page'), 'a.pdf'),
    await uploads(ada, docx('0123456789 and more'), 'b.docx'),
  ];
  expect(files.map(({ isCut }) => isCut)).toEqual([true, true]);
  await saysWith(ada, 'Sum it up', files);
  const [message] = (await own.model.received()).body.messages as { content: string }[];
  expect(message?.content).toBe(
    ['a.pdf', 'b.docx']
      .map(
        (name) =>
          `[Document: ${name}]\n\n0123456789\n\n[The document ${name} goes on, but is cut off here]\n\n[End of document: ${name}]`,
      )
      .concat('Sum it up')
      .join('\n\n'),
  );
});

test('what was not sent can be let go, and is gone after a day; of many, the oldest go', async () => {
  const ada = await app.person();
  const first = await uploads(ada, 'first', 'first.txt');
  expect(await ada.asks(UNSENT)).toEqual({ unsentUploads: [{ id: first.id, name: 'first.txt' }] });
  const bob = await app.person();
  expect(await bob.refusal(DELETE, { id: first.id })).toBe('NOT_FOUND');
  expect(await ada.asks(DELETE, { id: first.id })).toEqual({ deleteUpload: first.id });
  expect(await ada.asks(UNSENT)).toEqual({ unsentUploads: [] });

  for (let count = 0; count < 32; count += 1) await uploads(ada, 'x', `${count}.txt`);
  const { unsentUploads } = await ada.asks<{ unsentUploads: { name: string }[] }>(UNSENT);
  expect(unsentUploads.map(({ name }) => name)).toEqual(
    Array.from({ length: 30 }, (_, at) => `${31 - at}.txt`),
  );
});
