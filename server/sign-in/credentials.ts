/** Whatever a caller shows, at any door, becomes an actor here and nowhere else. */
import type { IncomingMessage } from 'node:http';
import { parseCookie } from 'cookie';
import type { Config } from '../config/config.ts';
import type { Actor, Context } from '../context.ts';
import { Failure, fail } from '../kernel/failure.ts';
import { signed, verified } from '../kernel/secret.ts';
import { recogniseApiKey } from '../key/recognise-api-key.ts';
import type { Origin } from '../rate/client-address.ts';
import { spendFailedKey } from '../rate/spend.ts';
import { sessionActor } from './sessions.ts';

/** What a caller showed: an API key, or the cookie of a session; null is nothing. And where it came from. */
export interface Credentials extends Origin {
  readonly authorization: string | null;
  readonly cookie: string | null;
}

const BEARER = /^Bearer +([\w-]{1,256})$/i;

export const credentialsOf = ({ headers, socket }: IncomingMessage): Credentials => ({
  authorization: headers.authorization ?? null,
  cookie: headers.cookie ?? null,
  peer: socket.remoteAddress ?? '',
  forwardedFor: String(headers['x-forwarded-for'] ?? '') || null,
});

/**
 * @param address of the caller, as `clientAddress` has it
 * @throws Failure UNAUTHENTICATED for a key that opens nothing, RATE_LIMITED when many such came from the address,
 *   FORBIDDEN for a disabled account
 */
export async function authenticate(
  ctx: Pick<Context, 'sql' | 'config' | 'parts'>,
  { authorization, cookie }: Credentials,
  address: string,
): Promise<Actor | null> {
  if (authorization !== null) return keyActor(ctx, authorization, address);
  const token = cookie === null ? null : sessionToken(ctx.config, cookie);
  return token === null ? null : sessionActor(ctx, token);
}

/** Keys that are right pass whatever else comes from their address: many people may share it. */
async function keyActor(
  ctx: Pick<Context, 'sql' | 'config' | 'parts'>,
  authorization: string,
  address: string,
): Promise<Actor> {
  try {
    return await recogniseApiKey(ctx, bearerToken(authorization), address);
  } catch (error) {
    if (error instanceof Failure && error.code === 'UNAUTHENTICATED')
      await spendFailedKey(ctx, address);
    throw error;
  }
}

/** @throws Failure UNAUTHENTICATED when the header is not `Bearer` and a key */
function bearerToken(authorization: string): string {
  const [, token] = BEARER.exec(authorization) ?? [];
  return token ?? fail('UNAUTHENTICATED', 'Send your API key as "Authorization: Bearer sk_…".');
}

/** `__Host-` binds the cookie to this very host, but browsers accept it on HTTPS only. */
export const cookieName = (config: Config): string => (config.app.debug ? 'lumen' : '__Host-lumen');

/** The cookie's value: the token, and a signature that a changed `app.secret_key` makes worthless. */
export const signedToken = ({ secrets }: Config, token: string): string =>
  signed(token, secrets.session);

/** The token in our cookie, if we signed it. */
export const sessionToken = (config: Config, cookie: string): string | null =>
  verified(parseCookie(cookie)[cookieName(config)] ?? '', config.secrets.session);
