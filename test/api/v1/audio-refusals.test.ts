import { once } from 'node:events';
import { connect } from 'node:net';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestApp } from '../../support/app.ts';
import { refuses, responds, waits } from '../../support/fake-model.ts';
import { expectCleanBooks } from '../money/audit.ts';
import { billOf, recording, sendsForm, startAudioApp, wav } from './audio.ts';
import { errorOf, keyOf, sdkOf } from './client.ts';
import { requestText } from './raw.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startAudioApp();
});
afterAll(() => app.close());

const transcribes = (body: object) => responds(200, body);

test('a recording that the model server refuses costs nothing', async () => {
  app.model.answer(refuses(400, 'Audio file might be corrupted'));
  const openai = await sdkOf(app);
  const refused = openai.audio.transcriptions.create({
    file: await recording(),
    model: 'by-the-hour',
  });
  await expect(refused).rejects.toMatchObject({ status: 400, code: 'upstream_refused' });
  expect(await billOf(app)).toMatchObject({ outcome: 'failed', cost: 0n });
  await expectCleanBooks(app);
});

test('a client that leaves while the model listens: the model server is left, nothing stays held', async () => {
  app.model.answer(waits());
  const leaving = new AbortController();
  const sent = app.model.requests.length;
  const answer = sendsForm(
    app,
    { file: new Blob(['sound']), model: 'by-the-hour' },
    { signal: leaving.signal },
  );
  const request = await app.model.received(sent + 1);
  leaving.abort();
  await expect(answer).rejects.toThrow();
  await request.closedByClient;
  await expect.poll(() => app.rows('select * from reservation')).toEqual([]);
  await expectCleanBooks(app);
});

test('who can not pay for a recording is told so before a model server hears of it', async () => {
  const openai = await sdkOf(app);
  const sent = app.model.requests.length;
  const refused = openai.audio.transcriptions.create({
    // Of three hours, which cost 10.8 coins of 10.
    file: await recording(wav(800, 3 * 3600)),
    model: 'by-the-hour',
  });
  await expect(refused).rejects.toBeInstanceOf(OpenAI.RateLimitError);
  await expect(refused).rejects.toMatchObject({ code: 'insufficient_quota' });
  expect(app.model.requests).toHaveLength(sent);
});

test.each([
  [{}, 'file'],
  [{ model: 'by-the-hour' }, 'file'],
  [{ file: 'no file', model: 'by-the-hour' }, 'file'],
  [{ file: new Blob([]), model: 'by-the-hour' }, 'file'],
  [{ file: new Blob(['x']), other: new Blob(['y']), model: 'by-the-hour' }, 'file'],
  [{ file: new Blob(['x']) }, 'model'],
  [{ file: new Blob(['x']), model: '' }, 'model'],
  [{ file: new Blob(['x']), model: 'by-the-hour', temperature: 'warm' }, 'temperature'],
] as const)('the form %j is refused for its %s', async (fields, param) => {
  const response = await sendsForm(app, fields as Record<string, string | Blob>);
  expect(response.status).toBe(400);
  expect(await errorOf(response)).toMatchObject({ type: 'invalid_request_error', param });
});

test('what is no form is refused with 415, what is none with 400', async () => {
  const authorization = `Bearer ${await keyOf(app)}`;
  const posts = (type: string, body: string) =>
    sendsForm(app, {}, { headers: { authorization, 'content-type': type }, body });
  expect((await posts('application/json', '{}')).status).toBe(415);
  expect((await posts('multipart/form-data', '')).status).toBe(415);
  for (const body of ['', '--x', '--x--', '--x\r\n\r\n\r\n--x--', `--x\r\n${'a'.repeat(20_000)}`]) {
    const response = await posts('multipart/form-data; boundary=x', body);
    expect([body.slice(0, 9), response.status]).toEqual([body.slice(0, 9), 400]);
    expect((await errorOf(response)).type).toBe('invalid_request_error');
  }
});

test('a recording above 25 MB is refused; the limit can be changed while Lumen runs', async () => {
  const refused = await sendsForm(app, {
    file: new Blob([new Uint8Array(26 * 1024 * 1024)]),
    model: 'by-the-hour',
  });
  expect([refused.status, (await errorOf(refused)).code]).toEqual([413, 'request_too_large']);
  app.model.answer(transcribes({ text: '', usage: { type: 'duration', seconds: 1 } }));
  const small = { file: new Blob([new Uint8Array(2 * 1024 * 1024)]), model: 'by-the-hour' };
  expect((await sendsForm(app, small)).status).toBe(200);
  await app.saves({ api: { limits: { audio_mb: 1 } } });
  const status = async () => (await sendsForm(app, small)).status;
  await expect.poll(status, { timeout: 20_000 }).toBe(413);
});

test('a body that never ends does not hold up the end of the server', async () => {
  const closing = await startAudioApp();
  const socket = connect(Number(new URL(closing.url).port), 'localhost');
  // Cutting the connection is what is asked for.
  socket.on('error', () => undefined);
  const headers = {
    authorization: `Bearer ${await keyOf(closing)}`,
    'content-type': 'multipart/form-data; boundary=x',
    'content-length': '1000',
    expect: '100-continue',
  };
  socket.write(requestText('POST', '/v1/audio/transcriptions', headers));
  expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 100 /);
  socket.write('--x\r\n');
  const closed = once(socket, 'close');
  await closing.close();
  await closed;
});
