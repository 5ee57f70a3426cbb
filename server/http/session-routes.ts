/** Signing in and out: the few pages that are not GraphQL, because browsers are sent to them. */
import { parseCookie, stringifySetCookie } from 'cookie';
import { type Request, type Response, Router } from 'express';
import type { Config } from '../config/config.ts';
import type { Context } from '../context.ts';
import { Failure, fail } from '../kernel/failure.ts';
import { browserName } from '../sign-in/browser-name.ts';
import { cookieName, sessionToken, signedToken } from '../sign-in/credentials.ts';
import { devSignIn } from '../sign-in/dev-sign-in.ts';
import {
  beginLogin,
  finishLogin,
  openAttempt,
  type Providers,
  sealAttempt,
} from '../sign-in/oidc.ts';
import { providerSignIn } from '../sign-in/provider-sign-in.ts';
import { providerSignOut } from '../sign-in/provider-sign-out.ts';
import { returnPath } from '../sign-in/return-path.ts';
import { isSameOrigin } from '../sign-in/same-origin.ts';
import { closeSession } from '../sign-in/sessions.ts';

const DAY_SECONDS = 24 * 3600;
/** Longer than an attempt is good for, so that who comes back too late is still led to where they wanted to go. */
const ATTEMPT_SECONDS = DAY_SECONDS;

declare module '../context.ts' {
  interface Parts {
    readonly providers: Providers;
  }
}

export function sessionRoutes(context: () => Context): Router {
  const router = Router();
  // Express has GET answer HEAD, but whoever only looks at an address, as previews of links do, must sign nobody in.
  router.head(['/devlogin', '/callback'], (_request, response) => {
    response.status(405).set('allow', 'GET').end();
  });
  router.get('/devlogin', (request, response) => fromAddress(context(), request, response));
  router.get('/login', (request, response) => toProvider(context(), request, response));
  router.get('/callback', (request, response) => fromProvider(context(), request, response));
  router.post('/logout', (request, response) => signOut(context(), request, response));
  router.get('/logout/provider', async (request, response) => {
    const ctx = context();
    const url = await providerSignOut(ctx.config, ctx.parts.providers, ownUrl(ctx, request));
    response.redirect(302, url ?? '/');
  });
  return router;
}

const browserOf = ({ headers }: Request): string | null => browserName(headers['user-agent']);

const ownUrl = ({ config }: Context, request: Request): string =>
  `${config.app.debug ? 'http' : 'https'}://${request.headers.host}`;

async function fromAddress(ctx: Context, request: Request, response: Response): Promise<void> {
  const { email, next } = request.query;
  const named = typeof email === 'string' ? email : undefined;
  const returnTo = returnPath(next);
  try {
    const token = await devSignIn(ctx, named, browserOf(request));
    signIn(ctx.config, response, token, returnTo);
  } catch (error) {
    if (!(error instanceof Failure && error.code === 'FORBIDDEN')) throw error;
    refuse(ctx, response, error, returnTo);
  }
}

async function toProvider(ctx: Context, request: Request, response: Response): Promise<void> {
  // Where there is no provider, the start page says how else to sign in.
  if (!ctx.config.oauth2) return response.redirect(302, '/');
  const returnTo = returnPath(request.query.next);
  const from = { ownUrl: ownUrl(ctx, request), returnTo };
  try {
    const { url, attempt } = await beginLogin(ctx.config, ctx.parts.providers, from);
    const sealed = sealAttempt(ctx.config, attempt);
    response.appendHeader('set-cookie', attemptCookie(ctx.config, sealed, ATTEMPT_SECONDS));
    response.redirect(302, url);
  } catch (error) {
    refuse(ctx, response, error, returnTo);
  }
}

async function fromProvider(ctx: Context, request: Request, response: Response): Promise<void> {
  const { config } = ctx;
  const sealed = parseCookie(request.headers.cookie ?? '')[attemptName(config)];
  response.appendHeader('set-cookie', attemptCookie(config, '', 0));
  const attempt = openAttempt(config, sealed);
  const returnTo = returnPath(attempt?.returnTo);
  try {
    const query = request.url.slice(request.path.length);
    const claims = await finishLogin(config, ctx.parts.providers, attempt, query);
    signIn(config, response, await providerSignIn(ctx, claims, browserOf(request)), returnTo);
  } catch (error) {
    refuse(ctx, response, error, returnTo);
  }
}

/** The start page has the words for each reason, and offers to try again with the same aim. */
function refuse(ctx: Context, response: Response, error: unknown, returnTo: string): void {
  if (!(error instanceof Failure)) throw error;
  ctx.log.warn({ err: error }, 'a sign-in was refused');
  const query = new URLSearchParams({ signin: error.details.reason ?? 'failed' });
  if (returnTo !== '/') query.set('next', returnTo);
  response.redirect(302, `/?${query}`);
}

const attemptName = (config: Config): string => `${cookieName(config)}-login`;

const attemptCookie = (config: Config, value: string, maxAge: number): string =>
  setCookie(config, attemptName(config), value, maxAge);

/** Hands the session's token to the browser, and the browser to where it wanted to go. */
function signIn(config: Config, response: Response, token: string, next: string): void {
  // The session itself ends earlier when it is not used.
  const maxAge = config.app.session.lifetimeDays * DAY_SECONDS;
  const cookie = setCookie(config, cookieName(config), signedToken(config, token), maxAge);
  response.appendHeader('set-cookie', cookie);
  response.redirect(302, next);
}

async function signOut(ctx: Context, request: Request, response: Response): Promise<void> {
  const { config, parts } = ctx;
  if (!isSameOrigin(request.headers)) fail('FORBIDDEN', 'Sign out on the page of this Lumen.');
  const token = sessionToken(config, request.headers.cookie ?? '');
  if (token !== null) await closeSession(ctx, token);
  response.appendHeader('set-cookie', setCookie(config, cookieName(config), '', 0));
  // Browsers refuse to be led from our form to another site, so the page offers the rest of the way as a link.
  const more = await providerSignOut(config, parts.providers, ownUrl(ctx, request));
  response.redirect(303, more === null ? '/' : '/?signedout=here');
}

function setCookie(config: Config, name: string, value: string, maxAge: number): string {
  return stringifySetCookie({
    name,
    value,
    maxAge,
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: !config.app.debug,
  });
}
