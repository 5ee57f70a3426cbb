import type { IncomingMessage } from 'node:http';
import { Failure } from '../kernel/failure.ts';

/** Slower than the slowest line that anybody sends a file over. */
const BYTES_PER_SECOND_MIN = 8_192;
const LOOK_EVERY_SECONDS = 10;

/**
 * Gives up on a body that hardly arrives, so that nobody holds a place by sending next to nothing. How long a body may
 * take in all is bounded by the server (`requestTimeout`).
 *
 * @param reading ends when the body is read
 * @throws Failure INVALID `upload_slow`, with status 408
 */
export async function atPace<T>(
  { socket }: Pick<IncomingMessage, 'socket'>,
  reading: Promise<T>,
): Promise<T> {
  const { promise: tooSlow, reject } = Promise.withResolvers<never>();
  let seen = socket.bytesRead;
  const timer = setInterval(() => {
    if (socket.bytesRead - seen < BYTES_PER_SECOND_MIN * LOOK_EVERY_SECONDS) reject(slow());
    seen = socket.bytesRead;
  }, LOOK_EVERY_SECONDS * 1000).unref();
  return Promise.race([reading, tooSlow]).finally(() => clearInterval(timer));
}

const slow = (): Failure =>
  new Failure('INVALID', 'The file arrives too slowly. Try again on a better connection.', {
    status: 408,
    reason: 'upload_slow',
  });
