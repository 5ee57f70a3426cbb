/** Signing in through an OpenID Connect provider: authorization code with PKCE, state and nonce. */
import * as client from 'openid-client';
import type { Config, OAuth2Config } from '../config/config.ts';
import { claimsOfRules } from '../group/matching-groups.ts';
import { Failure, fail } from '../kernel/failure.ts';
import { signed, verified } from '../kernel/secret.ts';

/** What must come back with the same browser; kept in its cookie, signed. */
export interface LoginAttempt {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly redirectUri: string;
  /** Where to go on afterwards: a path of this site. */
  readonly returnTo: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

export interface ProviderClaims {
  readonly issuer: string;
  readonly subject: string;
  readonly email: string;
  /** Null when the provider does not say. */
  readonly isEmailVerified: boolean | null;
  readonly name: string | null;
  /** All that it says, by the names of the claims: what rules of groups look at. */
  readonly all: Readonly<Record<string, unknown>>;
}

const ATTEMPT_MS = 10 * 60_000;

/** Knows the providers' metadata; asked for when first needed and after it has failed. */
export class Providers {
  readonly #known = new Map<string, Promise<client.Configuration>>();

  discover(settings: OAuth2Config, isDebug: boolean): Promise<client.Configuration> {
    const key = JSON.stringify([
      settings.serverMetadataUrl,
      settings.clientId,
      settings.clientSecret,
    ]);
    const known = this.#known.get(key) ?? discover(settings, isDebug);
    this.#known.set(key, known);
    known.catch(() => this.#known.delete(key));
    return known;
  }
}

async function discover(settings: OAuth2Config, isDebug: boolean): Promise<client.Configuration> {
  const { serverMetadataUrl, clientId, clientSecret } = settings;
  // Plain HTTP is for a provider on a developer's own machine.
  const execute = [
    client.enableNonRepudiationChecks,
    ...(isDebug ? [client.allowInsecureRequests] : []),
  ];
  return client.discovery(new URL(serverMetadataUrl), clientId, clientSecret, undefined, {
    execute,
  });
}

/** Where to send the browser, and what it must bring back. @throws Failure UPSTREAM_FAILED when the provider is away */
export async function beginLogin(
  config: Config,
  providers: Providers,
  { ownUrl, returnTo }: { readonly ownUrl: string; readonly returnTo: string },
): Promise<{ readonly url: string; readonly attempt: LoginAttempt }> {
  const settings = oauth2(config);
  const provider = await providers
    .discover(settings, config.app.debug)
    .catch((error) =>
      fail(
        'UPSTREAM_FAILED',
        'The sign-in service can not be reached. Try again in a moment.',
        { reason: 'provider_unreachable' },
        error,
      ),
    );
  const attempt = {
    state: client.randomState(),
    nonce: client.randomNonce(),
    verifier: client.randomPKCECodeVerifier(),
    redirectUri: settings.redirectUri ?? `${ownUrl}/callback`,
    returnTo,
    startedAt: Date.now(),
  };
  const url = client.buildAuthorizationUrl(provider, {
    ...settings.params,
    redirect_uri: attempt.redirectUri,
    scope: settings.scopes,
    state: attempt.state,
    nonce: attempt.nonce,
    code_challenge: await client.calculatePKCECodeChallenge(attempt.verifier),
    code_challenge_method: 'S256',
  });
  return { url: url.href, attempt };
}

/**
 * What the provider says of the person who came back.
 *
 * @param query of the address that the provider sent the browser to, with `?`
 * @throws Failure FORBIDDEN when it was refused, expired, or is not the answer to this browser's own attempt
 */
export async function finishLogin(
  config: Config,
  providers: Providers,
  attempt: LoginAttempt | null,
  query: string,
): Promise<ProviderClaims> {
  const settings = oauth2(config);
  const { redirectUri, verifier, state, nonce } = recent(attempt);
  try {
    const provider = await providers.discover(settings, config.app.debug);
    const tokens = await client.authorizationCodeGrant(provider, new URL(redirectUri + query), {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    });
    const claims =
      tokens.claims() ??
      fail('FORBIDDEN', 'The sign-in service told nothing of you.', { reason: 'failed' });
    const mayTellMore = provider.serverMetadata().userinfo_endpoint !== undefined;
    const more =
      mayTellMore && !isEnough(config, claims)
        ? await client.fetchUserInfo(provider, tokens.access_token, claims.sub)
        : {};
    return readClaims({ ...more, ...claims });
  } catch (error) {
    if (error instanceof Failure) throw error;
    const isDenied =
      error instanceof client.AuthorizationResponseError && error.error === 'access_denied';
    if (isDenied)
      return fail('FORBIDDEN', 'You did not agree to sign in.', { reason: 'denied' }, error);
    return fail('FORBIDDEN', 'Signing in failed. Please try again.', { reason: 'failed' }, error);
  }
}

function recent(attempt: LoginAttempt | null): LoginAttempt {
  if (attempt && Date.now() - attempt.startedAt < ATTEMPT_MS) return attempt;
  return fail('FORBIDDEN', 'This sign-in was begun elsewhere, or too long ago. Please try again.', {
    reason: 'expired',
  });
}

/** Many providers put into the ID token only who somebody is, and tell the rest when asked. */
function isEnough(config: Config, claims: Readonly<Record<string, unknown>>): boolean {
  return Boolean(claims.email) && [...claimsOfRules(config)].every((name) => name in claims);
}

function readClaims(
  claims: Record<string, unknown> & { readonly iss: string; readonly sub: string },
): ProviderClaims {
  const {
    iss: issuer,
    sub: subject,
    email,
    email_verified: verified,
    name,
    given_name: givenName,
  } = claims;
  if (typeof email !== 'string' || email.trim() === '')
    fail('FORBIDDEN', 'Your institution told no e-mail address.', { reason: 'no_email' });
  const named = [name, givenName].find(
    (text): text is string => typeof text === 'string' && text.trim() !== '',
  );
  const isEmailVerified = verified === undefined ? null : String(verified).toLowerCase() === 'true';
  return {
    issuer,
    subject,
    email: String(email),
    isEmailVerified,
    name: named?.trim() ?? null,
    all: claims,
  };
}

const oauth2 = ({ oauth2: settings }: Config): OAuth2Config =>
  settings ?? fail('NOT_FOUND', 'No identity provider is configured.');

/** A session's cookie, signed with the same secret, must not pass for an attempt. */
const PURPOSE = 'login.';

/** The attempt as a signed text for the browser's cookie. */
export function sealAttempt({ secrets }: Config, attempt: LoginAttempt): string {
  const payload = Buffer.from(JSON.stringify(attempt)).toString('base64url');
  return signed(payload, secrets.session, PURPOSE);
}

/** The attempt that the browser brought back, however old; null when it is not ours. */
export function openAttempt({ secrets }: Config, sealed: string | undefined): LoginAttempt | null {
  const payload = verified(sealed ?? '', secrets.session, PURPOSE);
  if (payload === null) return null;
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as LoginAttempt;
}
