import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { type TestApp, testApp } from '../../support/app.ts';
import { answers, waits } from '../../support/fake-model.ts';
import { HELLO, post } from '../v1/client.ts';
import { expectCleanBooks } from './audit.ts';

const TOKENS_PER_EVENT = 4;
const EVENT = 'sixteen letters.';

interface Charge {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly outcome: string;
  readonly is_estimated: boolean;
}

/** The bill of the one request of this app, as soon as there is one. */
async function bill(app: TestApp): Promise<Charge> {
  const log = () => app.rows<Charge>('select * from request_log');
  await expect.poll(log).toHaveLength(1);
  const [row] = await log();
  if (!row) throw new Error('the bill is gone');
  return row;
}

/** A client that leaves once it has read so many events. */
async function leavesAfter(events: number) {
  const app = await testApp();
  const ada = await app.person();
  const { key } = await ada.withKey();
  app.model.answer(waits());
  const leaving = new AbortController();
  const answer = post(app, { ...HELLO, stream: true }, { key, signal: leaving.signal });
  const request = await app.model.received();
  for (let event = 0; event < events; event += 1) request.says(EVENT);
  if (events > 0) await readEvents(await answer, events);
  const left = performance.now();
  leaving.abort();
  await answer.catch(() => undefined);
  await request.closedByClient;
  return { app, ada, cancelledMs: performance.now() - left };
}

async function readEvents(response: Response, events: number): Promise<void> {
  let text = '';
  for await (const piece of response.body ?? []) {
    text += Buffer.from(piece).toString('utf8');
    if (text.split('\n\n').length > events) return;
  }
}

test.each([1, 2, 7])(
  'R6 a client that leaves after %d events pays for the prompt and for them',
  async (events) => {
    const { app, ada, cancelledMs } = await leavesAfter(events);
    expect(cancelledMs).toBeLessThan(1_000);
    const { input_tokens, ...charge } = await bill(app);
    expect(input_tokens).toBeGreaterThan(10);
    expect(charge).toMatchObject({
      output_tokens: events * TOKENS_PER_EVENT,
      outcome: 'stopped',
      is_estimated: true,
    });
    const cost = input_tokens * 0.001 + events * TOKENS_PER_EVENT * 0.002;
    expect((await ada.pool()).left).toBeCloseTo(10 - cost, 6);
    await expectCleanBooks(app);
  },
);

test('R6 a client that leaves before the model server has sent anything pays nothing', async () => {
  const { app, ada, cancelledMs } = await leavesAfter(0);
  expect(cancelledMs).toBeLessThan(1_000);
  expect(await bill(app)).toMatchObject({ output_tokens: 0, input_tokens: 0, outcome: 'stopped' });
  expect(await ada.pool()).toEqual({ left: 10, held: 0 });
});

test('R6 a client that leaves while the whole answer is made does not keep the model busy', async () => {
  const app = await testApp();
  const ada = await app.person();
  const { key } = await ada.withKey();
  app.model.answer(waits());
  const leaving = new AbortController();
  const answer = post(app, HELLO, { key, signal: leaving.signal }).catch(() => 'left');
  const request = await app.model.received();
  leaving.abort();
  expect(await answer).toBe('left');
  await request.closedByClient;
  expect(await bill(app)).toMatchObject({ outcome: 'stopped' });
  expect((await ada.pool()).held).toBe(0);
});

test('R6 a client that leaves at any byte of its request leaves nothing held', async () => {
  const app = await testApp();
  const ada = await app.person();
  const { key } = await ada.withKey();
  app.model.answer(answers({ texts: ['Hi'] }));
  const body = JSON.stringify({ ...HELLO, stream: true });
  const text = `POST /v1/chat/completions HTTP/1.1\r\nhost: lumen\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  const { port } = new URL(app.url);
  for (let bytes = 1; bytes <= text.length; bytes += 7) {
    const socket = connect(Number(port), 'localhost');
    await once(socket, 'connect');
    socket.write(text.slice(0, bytes), () => socket.resetAndDestroy());
    await once(socket, 'close');
  }
  expect((await post(app, HELLO, { key })).status).toBe(200);
  await expect.poll(() => app.rows('select * from reservation')).toEqual([]);
  await expectCleanBooks(app);
});
