import { once } from 'node:events';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { MESSAGE_STREAM, type MessageChunk } from '../../support/actors.ts';
import { testApp } from '../../support/app.ts';

const PIECE = 'x'.repeat(32_000);
const PIECES = 320;

interface Next {
  readonly type: string;
  readonly payload?: { readonly data: { readonly messageStream: MessageChunk } };
}

test('R20: a reader that stops reading is not buffered for, and gets the rest at once when it reads on', async () => {
  const app = await testApp();
  const ada = await app.person();
  const { id, request } = await app.turn(ada);
  const socket = new WebSocket(
    `${app.url.replace('http', 'ws')}/graphql`,
    ['graphql-transport-ws'],
    {
      headers: ada.headers,
    },
  );
  const chunks: MessageChunk[] = [];
  const begun = Promise.withResolvers<void>();
  socket.on('message', (data) => {
    const { type, payload } = JSON.parse(String(data)) as Next;
    if (type === 'connection_ack')
      socket.send(
        JSON.stringify({
          id: '1',
          type: 'subscribe',
          payload: { query: MESSAGE_STREAM, variables: { messageId: id } },
        }),
      );
    if (payload?.data.messageStream.__typename === 'MessageChunk') {
      chunks.push(payload.data.messageStream);
      begun.resolve();
    }
    if (type === 'complete') socket.close();
  });
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init' }));
  request.says('Begin');
  await begun.promise;

  socket.pause();
  const lively = ada.reads(id);
  for (let at = 0; at < PIECES; at += 1) await request.delivers(PIECE);
  request.finishes();
  // Who reads all the time is not held up by who does not.
  const { content } = await lively;
  expect(content).toBe(`Begin${PIECE.repeat(PIECES)}`);
  socket.resume();
  await once(socket, 'close');

  expect(chunks.map((chunk) => chunk.content).join('')).toBe(content);
  // The network's own buffers took the first few megabytes; the rest waited in the one text that all readers share.
  const last = chunks.at(-1)?.content.length ?? 0;
  expect(last).toBeGreaterThan(content.length / 8);
});
