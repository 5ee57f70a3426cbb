import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import { MESSAGE_STREAM } from '../../support/actors.ts';
import { startApp } from '../../support/app.ts';
import { startFakeModel } from '../../support/fake-model.ts';
import { freshDatabase } from '../../support/services.ts';
import { RawSocket } from '../graphql/raw-socket.ts';

const SEND = `mutation {
  sendMessage(input: { model: "fake", content: "One more" }) { conversation { id } }
}`;

/** A Lumen that a test closes itself; its model and database stay for the one that comes after. */
async function closable(patienceMs: number) {
  const shared = { model: await startFakeModel(), databaseUrl: await freshDatabase() };
  onTestFinished(() => shared.model.close());
  return { shared, app: await startApp({ ...shared, patienceMs }) };
}

const LOGGED = 'SELECT outcome, output_tokens FROM request_log WHERE id = $1';
const LEFT =
  'SELECT (SELECT count(*) FROM reservation) AS open, (SELECT count(*) FROM replica) AS alive';

test('R22: a closing Lumen lets an answer finish, and tells who watches', async () => {
  const { shared, app } = await closable(10_000);
  const ada = await app.person();
  const { id, request } = await app.turn(ada);
  request.says('Almost ');
  const reading = ada.reads(id);
  await ada.readsTo(id, 7);

  const closing = app.close();
  request.says('done.');
  request.finishes();

  const { content, message } = await reading;
  expect(message).toMatchObject({ status: 'FINISHED', content });
  expect(content).toBe('Almost done.');
  await closing;
  expect(await app.rows(LOGGED, id)).toEqual([{ outcome: 'finished', output_tokens: 5 }]);
  expect(await app.rows(LEFT)).toEqual([{ open: 0n, alive: 0n }]);

  const next = await startApp(shared);
  onTestFinished(next.close);
  expect(await ada.at(next.url).reads(id, 7)).toMatchObject({ content: 'done.', message });
});

test('R22: an answer that takes too long is interrupted, kept and paid for', async () => {
  const { shared, app } = await closable(50);
  const ada = await app.person();
  const { id, request } = await app.turn(ada);
  request.says('As far as it came');
  const reading = ada.reads(id).catch((error) => error);
  await ada.readsTo(id, 17);

  const from = performance.now();
  await app.close();
  expect(performance.now() - from).toBeLessThan(5_000);
  await request.closedByClient;

  // Who watched was told the end, or was asked to come back.
  const told = await reading;
  if (told.code === undefined) expect(told.message).toMatchObject({ status: 'INTERRUPTED' });
  else expect(told).toMatchObject({ code: 1001 });
  expect(await app.rows(LOGGED, id)).toEqual([{ outcome: 'interrupted', output_tokens: 5 }]);
  expect(await app.rows(LEFT)).toEqual([{ open: 0n, alive: 0n }]);
  const next = await startApp(shared);
  onTestFinished(next.close);
  const message = await ada.at(next.url).awaits(id);
  expect(message).toMatchObject({ status: 'INTERRUPTED', content: 'As far as it came' });
  expect(Number(message.cost)).toBeGreaterThan(0);
  expect(await ada.at(next.url).pool()).toEqual({ left: 10 - Number(message.cost), held: 0 });
});

test('who does not say goodbye does not hold up the end', async () => {
  const { app } = await closable(50);
  const ada = await app.person();
  const { id } = await app.turn(ada);
  const address = `${app.url.replace('http', 'ws')}/graphql`;
  const deaf = new WebSocket(address, ['graphql-transport-ws'], { headers: ada.headers });
  deaf.on('error', () => {});
  await once(deaf, 'open');
  deaf.send(JSON.stringify({ type: 'connection_init' }));
  await once(deaf, 'message');
  const payload = { query: MESSAGE_STREAM, variables: { messageId: id } };
  deaf.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
  deaf.pause();

  const from = performance.now();
  await app.close();

  expect(performance.now() - from).toBeLessThan(5_000);
  deaf.terminate();
});

test('a closing Lumen takes nothing new, on a new connection or an old one', async () => {
  const { app } = await closable(10_000);
  const ada = await app.person();
  const { id, request } = await app.turn(ada);
  request.says('Last');
  const reading = ada.reads(id);
  await ada.readsTo(id, 4);
  const socket = await RawSocket.connect(app.url, { headers: { ...ada.headers } });

  const closing = app.close();
  await expect(fetch(app.url)).rejects.toThrow('fetch failed');
  socket.subscribes('1', SEND);
  expect(JSON.stringify(await socket.hears('next', '1'))).toContain('MODEL_UNAVAILABLE');
  request.finishes();

  expect((await reading).message).toMatchObject({ status: 'FINISHED', content: 'Last' });
  expect(await socket.closed).toMatchObject({ code: 1001 });
  await closing;
});
