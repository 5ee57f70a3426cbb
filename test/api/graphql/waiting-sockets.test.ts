import { expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';
import { RawSocket } from './raw-socket.ts';

test('of sockets that never begin the oldest are ended, and whoever begins gets in', async () => {
  const app = await testApp();
  const begun = await RawSocket.connect(app.url);
  const first = await RawSocket.open(app.url);
  const silent = await Promise.all(Array.from({ length: 100 }, () => RawSocket.open(app.url)));
  let end: unknown;
  void first.closed.then((closed) => {
    end = closed;
  });
  // Broken off, long before it would be told that it has waited too long (4408).
  await expect
    .poll(async () => {
      silent.push(await RawSocket.open(app.url));
      return end;
    })
    .toMatchObject({ code: 1006 });
  const ada = await RawSocket.connect(app.url);
  for (const [id, socket] of Object.entries({ begun, ada })) {
    socket.subscribes(id, '{ site { name } }');
    expect(await socket.hears('next', id)).toMatchObject({ payload: { data: { site: {} } } });
  }
  for (const socket of [...silent, begun, ada]) socket.close();
});
