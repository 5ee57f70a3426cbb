/** A Redis of a test's own, to be killed and started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import { findOnPath } from '../../support/programs.ts';

export class PrivateRedis {
  readonly url: string;
  readonly #port: number;
  #process: ChildProcess | undefined;

  private constructor(port: number) {
    this.#port = port;
    this.url = `redis://127.0.0.1:${port}`;
  }

  /** It is gone when the test ends. */
  static async start(): Promise<PrivateRedis> {
    const redis = new PrivateRedis(await freePort());
    onTestFinished(() => redis.kill());
    await redis.start();
    return redis;
  }

  /** Starts it, empty, where it was before. */
  async start(): Promise<void> {
    const settings = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    this.#process = spawn(
      findOnPath('redis-server') ?? '',
      ['--port', `${this.#port}`, ...settings],
      {
        stdio: 'ignore',
      },
    );
    await expect.poll(() => isOpen(this.#port), { interval: 20 }).toBe(true);
  }

  async kill(): Promise<void> {
    if (!this.#process || this.#process.exitCode !== null || this.#process.signalCode !== null)
      return;
    this.#process.kill('SIGKILL');
    await once(this.#process, 'exit');
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  return address.port;
}

function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return once(socket, 'connect')
    .then(
      () => true,
      () => false,
    )
    .finally(() => socket.destroy());
}
