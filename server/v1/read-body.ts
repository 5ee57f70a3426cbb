import type { IncomingMessage } from 'node:http';
import type { JsonObject } from '../gateway/ask.ts';
import { Failure, fail } from '../kernel/failure.ts';

const BODY_BYTES_MAX = 20 * 1024 * 1024;

/** @throws Failure TOO_LARGE, INVALID when the body is not one JSON object in UTF-8 */
export async function readJsonBody(request: IncomingMessage): Promise<JsonObject> {
  const text = await readText(request);
  const body = parsed(text);
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as JsonObject;
  return fail('INVALID', 'The request body must be a JSON object.', { reason: 'invalid_json' });
}

function readText(request: IncomingMessage): Promise<string> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > BODY_BYTES_MAX) return Promise.reject(tooLarge());
  // Who left while the key was looked up sends neither an end nor an error any more.
  if (request.destroyed) return Promise.reject(hasLeft());
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    request.on('data', (piece: Buffer) => {
      bytes += piece.length;
      if (bytes <= BODY_BYTES_MAX) pieces.push(piece);
      else reject(tooLarge());
    });
    request.on('end', () => resolve(Buffer.concat(pieces).toString('utf8')));
    request.on('error', reject);
    request.on('close', () => reject(hasLeft()));
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return fail('INVALID', 'The request body is not valid JSON.', { reason: 'invalid_json' });
  }
}

const hasLeft = (): Error => new Error('the client left while it was sending');

const tooLarge = (): Failure =>
  new Failure('TOO_LARGE', `A request body has at most ${BODY_BYTES_MAX / 1024 / 1024} MB.`);
