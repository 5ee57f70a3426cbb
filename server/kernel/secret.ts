import { createHash, createHmac, randomBytes } from 'node:crypto';

const API_KEY_PREFIX = 'sk_';
const TOKEN_BYTES = 32;

/** An unguessable token of 43 URL-safe characters (256 bits). */
export const newToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url');

/** A new API key: `sk_` and 43 characters. */
export const newApiKey = (): string => API_KEY_PREFIX + newToken();

/** What may be shown of a key for good: its first 7 and last 4 characters. */
export const keyHint = (key: string): string => `${key.slice(0, 7)}…${key.slice(-4)}`;

/** The digest under which a key is stored: without `secret` the table is worth nothing. */
export const keyDigest = (key: string, secret: string): Buffer =>
  createHmac('sha256', secret).update(key).digest();

/** The digest under which a random token is stored; it has entropy enough to need no secret. */
export const tokenDigest = (token: string): Buffer => createHash('sha256').update(token).digest();
