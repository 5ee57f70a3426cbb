/** Whatever a caller shows, at any door, becomes an actor here and nowhere else. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { parseCookie } from 'cookie';
import type { Config } from '../config/config.ts';
import type { Actor, Context } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import { recogniseApiKey } from '../key/recognise-api-key.ts';
import { sessionActor } from './sessions.ts';

/** What a caller showed: an API key, or the cookie of a session; null is nothing. */
export interface Credentials {
  readonly authorization: string | null;
  readonly cookie: string | null;
}

const BEARER = /^Bearer +([\w-]{1,256})$/i;

export const credentialsOf = (headers: IncomingHttpHeaders): Credentials => ({
  authorization: headers.authorization ?? null,
  cookie: headers.cookie ?? null,
});

/** @throws Failure UNAUTHENTICATED for a key that opens nothing, FORBIDDEN for a disabled account */
export async function authenticate(
  ctx: Pick<Context, 'sql' | 'config' | 'parts'>,
  { authorization, cookie }: Credentials,
): Promise<Actor | null> {
  if (authorization !== null) return recogniseApiKey(ctx, bearerToken(authorization));
  const token = cookie === null ? null : sessionToken(ctx.config, cookie);
  return token === null ? null : sessionActor(ctx, token);
}

/** @throws Failure UNAUTHENTICATED when the header is not `Bearer` and a key */
function bearerToken(authorization: string): string {
  const [, token] = BEARER.exec(authorization) ?? [];
  return token ?? fail('UNAUTHENTICATED', 'Send your API key as "Authorization: Bearer sk_…".');
}

/** `__Host-` binds the cookie to this very host, but browsers accept it on HTTPS only. */
export const cookieName = (config: Config): string => (config.app.debug ? 'lumen' : '__Host-lumen');

/** The cookie's value: the token, and a signature that a changed `app.secret_key` makes worthless. */
export const signedToken = (config: Config, token: string): string =>
  `${token}.${signature(config, token)}`;

function sessionToken(config: Config, cookie: string): string | null {
  const [token, given, more] = (parseCookie(cookie)[cookieName(config)] ?? '').split('.');
  if (!token || !given || more !== undefined) return null;
  const expected = Buffer.from(signature(config, token));
  const actual = Buffer.from(given);
  return expected.length === actual.length && timingSafeEqual(expected, actual) ? token : null;
}

const signature = (config: Config, token: string): string =>
  createHmac('sha256', config.secrets.session).update(token).digest('base64url');
