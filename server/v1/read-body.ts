import type { IncomingMessage } from 'node:http';
import type { JsonObject } from '../gateway/ask.ts';
import { Failure, fail } from '../kernel/failure.ts';

/** @throws Failure TOO_LARGE, INVALID when the body is not one JSON object in UTF-8 */
export async function readJsonBody(
  request: IncomingMessage,
  bytesMax: number,
): Promise<JsonObject> {
  needJson(request);
  const text = await readText(request, bytesMax);
  const body = parsed(text);
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as JsonObject;
  return fail('INVALID', 'The request body must be a JSON object.', { reason: 'invalid_json' });
}

/** A body that is longer than it may be is not read. @throws Failure TOO_LARGE */
export function needLengthBelow({ headers }: IncomingMessage, bytesMax: number): void {
  if (Number(headers['content-length'] ?? 0) > bytesMax) throw tooLarge(bytesMax);
}

export const tooLarge = (bytesMax: number): Failure =>
  new Failure('TOO_LARGE', `This request body has at most ${bytesMax / 1024 / 1024} MB.`);

export const wrongType = (wanted: string): never =>
  fail('INVALID', `Send the request body as ${wanted}.`, {
    status: 415,
    reason: 'unsupported_media_type',
  });

const JSON_TYPE = /^(application|text)\/([\w.-]+\+)?json\s*(;|$)/i;
const OTHER_CHARSET = /;\s*charset\s*=\s*"?(?!utf-?8\b)/i;

/** Who says nothing of the type means JSON, and of the encoding that there is none. */
function needJson({ headers }: IncomingMessage): void {
  const { 'content-type': type, 'content-encoding': encoding = 'identity' } = headers;
  if (encoding.trim().toLowerCase() !== 'identity') wrongType('application/json, not compressed');
  if (type === undefined) return;
  if (!JSON_TYPE.test(type) || OTHER_CHARSET.test(type)) wrongType('application/json in UTF-8');
}

function readText(request: IncomingMessage, bytesMax: number): Promise<string> {
  needLengthBelow(request, bytesMax);
  // Who left while the key was looked up sends neither an end nor an error any more.
  if (request.destroyed) return Promise.reject(hasLeft());
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    request.on('data', (piece: Buffer) => {
      bytes += piece.length;
      if (bytes <= bytesMax) pieces.push(piece);
      else reject(tooLarge(bytesMax));
    });
    request.on('end', () => resolve(Buffer.concat(pieces).toString('utf8')));
    request.on('error', reject);
    request.on('close', () => {
      // Every request ends with a close; making an error for each would cost more than reading its body.
      if (!request.readableEnded) reject(hasLeft());
    });
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return fail('INVALID', 'The request body is not valid JSON.', { reason: 'invalid_json' });
  }
}

export const hasLeft = (): Error => new Error('the client left while it was sending');
