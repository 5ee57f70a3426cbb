import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestApp } from '../../support/app.ts';
import { responds } from '../../support/fake-model.ts';
import { expectCleanBooks } from '../money/audit.ts';
import { billOf, startAudioApp } from './audio.ts';
import { sdkOf } from './client.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startAudioApp();
});
afterAll(() => app.close());

test('speech comes as the bytes that the model server sent, and is paid by its estimated time', async () => {
  const bytes = Buffer.from(Array.from({ length: 500_000 }, (_, at) => at % 251));
  app.model.answer(async ({ response }) => {
    response.writeHead(200, { 'content-type': 'audio/mpeg', 'transfer-encoding': 'chunked' });
    for (let at = 0; at < bytes.length; at += 50_000)
      if (!response.write(bytes.subarray(at, at + 50_000))) await once(response, 'drain');
    response.end();
  });
  const openai = await sdkOf(app);
  const input = 'x'.repeat(150);
  const asked = { model: 'by-the-hour', voice: 'alloy', input, response_format: 'mp3' } as const;
  const response = await openai.audio.speech.create(asked);
  expect(response.headers.get('content-type')).toBe('audio/mpeg');
  expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
  expect(app.model.requests.at(-1)?.body).toEqual({ ...asked, model: 'fake-1' });
  expect(await billOf(app, response.headers.get('x-request-id'))).toMatchObject({
    outcome: 'finished',
    audio_seconds: 10,
    is_estimated: true,
    cost: 10_000n,
  });
});

test('speech that breaks off never looks complete, and is paid', async () => {
  app.model.answer(async ({ response }) => {
    response.writeHead(200, { 'content-type': 'audio/mpeg' });
    await new Promise((resolve) => response.write('half', resolve));
    response.socket?.resetAndDestroy();
  });
  const openai = await sdkOf(app);
  const asked = { model: 'by-the-token', voice: 'alloy', input: 'Hello' } as const;
  const read = openai.audio.speech.create(asked).then((response) => response.arrayBuffer());
  await expect(read).rejects.toThrow();
  const bill = () =>
    app.rows(
      'select outcome, is_estimated, cost > 0 as is_paid from request_log order by at desc limit 1',
    );
  await expect.poll(bill).toEqual([{ outcome: 'failed', is_estimated: true, is_paid: true }]);
  await expectCleanBooks(app);
});

test('a web page is no speech', async () => {
  app.model.answer(responds(200, '<html>', { 'content-type': 'text/html' }));
  const openai = await sdkOf(app);
  const asked = { model: 'by-the-token', voice: 'alloy', input: 'Hello' } as const;
  await expect(openai.audio.speech.create(asked)).rejects.toMatchObject({ status: 502 });
});

test('who leaves while it is spoken has stopped it: the model server is left, and the bill is paid once', async () => {
  app.model.answer(async ({ response }) => {
    response.writeHead(200, { 'content-type': 'audio/mpeg' });
    response.write('half');
  });
  const openai = await sdkOf(app);
  const sent = app.model.requests.length;
  const asked = { model: 'by-the-token', voice: 'alloy', input: 'Hello' } as const;
  const response = await openai.audio.speech.create(asked);
  await response.body?.cancel();
  await app.model.closedByClient(sent + 1);
  const id = response.headers.get('x-request-id');
  await expect
    .poll(() => billOf(app, id))
    .toMatchObject({ outcome: 'stopped', is_estimated: true });
  await expectCleanBooks(app);
});
