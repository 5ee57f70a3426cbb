// A way to a server that can fall silent, as a broken network does: nothing arrives any more, and nothing is closed.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface SilentWay {
  /** The server's address, on the way. */
  readonly url: string;
  fallSilent(): void;
  /** What was swallowed meanwhile stays lost. */
  speak(): void;
}

/** Closed when the test ends. */
export async function silentWay(to: string): Promise<SilentWay> {
  const target = new URL(to);
  const sockets = new Set<Socket>();
  let isSilent = false;
  const passOn = (from: Socket, into: Socket) => {
    sockets.add(from);
    from.on('data', (piece) => isSilent || into.write(piece));
    from.on('error', () => from.destroy());
    from.on('close', () => isSilent || into.destroy());
  };
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    passOn(near, far);
    passOn(far, near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const way = new URL(to);
  way.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: way.href,
    fallSilent: () => {
      isSilent = true;
    },
    speak: () => {
      isSilent = false;
    },
  };
}
