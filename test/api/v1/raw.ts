// HTTP as bytes, for what no well-behaved client would send.
import { once } from 'node:events';
import { connect } from 'node:net';

/** Sends the text and gives all that comes back until the server closes; `ends` closes our side after the text. */
export async function exchange(
  { url }: { url: string },
  text: string | Buffer,
  { ends = false }: { ends?: boolean } = {},
): Promise<string> {
  const socket = connect(Number(new URL(url).port), 'localhost');
  const pieces: Buffer[] = [];
  socket.on('data', (piece: Buffer) => pieces.push(piece));
  const closed = once(socket, 'close');
  if (ends) socket.end(text);
  else socket.write(text);
  await closed;
  return Buffer.concat(pieces).toString('utf8');
}

/** A whole request of HTTP/1.1 after which the connection is closed. */
export function requestText(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body = '',
): string {
  const all = { host: 'lumen', connection: 'close', ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = body === '' ? '' : `content-length: ${Buffer.byteLength(body)}\r\n`;
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}${length}\r\n${body}`;
}
