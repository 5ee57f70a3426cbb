import { createHash, createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';

const API_KEY_PREFIX = 'sk_';
const TOKEN_BYTES = 32;

/** An unguessable token of 43 URL-safe characters (256 bits). */
export const newToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url');

/** A new API key: `sk_` and 43 characters. */
export const newApiKey = (): string => API_KEY_PREFIX + newToken();

/** What may be shown of a key for good: its first 7 and last 4 characters. */
export const keyHint = (key: string): string => `${key.slice(0, 7)}...${key.slice(-4)}`;

const BEARER = /^Bearer +(\S+)$/i;

/** Whether a header `Authorization` shows this token; tells nothing by the time it takes. */
export function showsToken(authorization: string | null | undefined, token: string): boolean {
  const [, given] = BEARER.exec(authorization ?? '') ?? [];
  return given !== undefined && timingSafeEqual(tokenDigest(given), tokenDigest(token));
}

/** The digest under which a key is stored: without `secret` the table is worth nothing. */
export const keyDigest = (key: string, secret: string): Buffer =>
  createHmac('sha256', secret).update(key).digest();

/** Stands for a key in memory, where its digest would cost each request more than the rest of recognising it. */
export const keyFingerprint = (key: string): string => hash('sha256', key, 'base64');

/** The digest under which a random token is stored; it has entropy enough to need no secret. */
export const tokenDigest = (token: string): Buffer => createHash('sha256').update(token).digest();

/**
 * The text, which must have no dot in it, with its signature, for a browser to keep.
 *
 * @param purpose keeps what was signed for one use from passing for another
 */
export const signed = (text: string, secret: string, purpose = ''): string =>
  `${text}.${signature(text, secret, purpose)}`;

/** The text of what `signed` gave for this secret and purpose; null for anything else. */
export function verified(value: string, secret: string, purpose = ''): string | null {
  const [text, given, more] = value.split('.');
  if (!text || !given || more !== undefined) return null;
  const expected = Buffer.from(signature(text, secret, purpose));
  const actual = Buffer.from(given);
  return expected.length === actual.length && timingSafeEqual(expected, actual) ? text : null;
}

const signature = (text: string, secret: string, purpose: string): string =>
  createHmac('sha256', secret)
    .update(purpose + text)
    .digest('base64url');
