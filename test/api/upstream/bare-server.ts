/** Servers that take TCP connections and are no model servers at all. */
import { createServer, type Server, type Socket } from 'node:net';

export interface BareServer {
  readonly url: string;
  close(): Promise<void>;
}

async function listening(server: Server, sockets: Set<Socket>): Promise<BareServer> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

export function serverThatSays(text: string): Promise<BareServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => socket.write(text));
  });
  return listening(server, sockets);
}

/** TCP accepts but TLS never answers: for the client the connection has not come about. */
export async function serverThatAcceptsNobody(): Promise<BareServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  const bare = await listening(server, sockets);
  return { ...bare, url: bare.url.replace('http:', 'https:') };
}
