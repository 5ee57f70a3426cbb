import { afterAll, expect, test } from 'vitest';
import { startApp } from '../../support/app.ts';
import { RawSocket } from './raw-socket.ts';

const app = await startApp();
afterAll(app.close);

test('R20: who sends pings and reads no pongs is not read from either, until they read', async () => {
  const payload = { text: 'x'.repeat(1_000_000) };
  const pings = 24;
  const [deaf, other] = [await RawSocket.connect(app.url), await RawSocket.connect(app.url)];
  deaf.pauses();
  for (let sent = 0; sent < pings; sent += 1) deaf.says({ type: 'ping', payload });
  // The server has had all the time that it would take to read them.
  for (let sent = 0; sent < pings; sent += 1) {
    other.says({ type: 'ping', payload });
    await other.hears('pong');
  }
  expect(deaf.unsent).toBeGreaterThan(5_000_000);

  deaf.reads();
  for (let heard = 0; heard < pings; heard += 1) await deaf.hears('pong');
  for (const socket of [deaf, other]) socket.close();
});
