/**
 * The yardstick: the least that a Node process can do between a caller and a model server. It knows no keys, no coins
 * and no log; it passes bytes on. Run as a process of its own: `node bench/bare-proxy.ts http://127.0.0.1:9999`.
 */
import { Agent, createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

const { hostname, port } = new URL(process.argv[2] ?? '');
const agent = new Agent({ keepAlive: true });

const server = createServer((request, response) => {
  const { method = 'GET', url: path = '/', headers } = request;
  const onward = send({ agent, hostname, port, method, path, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  request.pipe(onward);
});

server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
