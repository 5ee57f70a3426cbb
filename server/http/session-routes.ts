/** Signing in and out: the few pages that are not GraphQL, because browsers are sent to them. */
import { parseCookie, stringifySetCookie } from 'cookie';
import { type Request, type Response, Router } from 'express';
import type { Config } from '../config/config.ts';
import type { Context } from '../context.ts';
import { Failure, fail } from '../kernel/failure.ts';
import { authenticate, cookieName, credentialsOf, signedToken } from '../sign-in/credentials.ts';
import { devSignIn } from '../sign-in/dev-sign-in.ts';
import {
  beginLogin,
  finishLogin,
  openAttempt,
  type Providers,
  sealAttempt,
} from '../sign-in/oidc.ts';
import { providerSignIn } from '../sign-in/provider-sign-in.ts';
import { isSameOrigin } from '../sign-in/same-origin.ts';
import { closeSession } from '../sign-in/sessions.ts';

/** Browsers forget the cookie after this long; the session itself ends a day after its last use. */
const COOKIE_SECONDS = 7 * 24 * 3600;
const ATTEMPT_SECONDS = 600;

declare module '../context.ts' {
  interface Parts {
    readonly providers: Providers;
  }
}

export function sessionRoutes(context: () => Context): Router {
  const router = Router();
  router.get('/devlogin', async (request, response) => {
    const ctx = context();
    const { email } = request.query;
    signIn(
      ctx.config,
      response,
      await devSignIn(ctx, typeof email === 'string' ? email : undefined),
    );
  });
  router.get('/login', (request, response) => toProvider(context(), request, response));
  router.get('/callback', (request, response) => fromProvider(context(), request, response));
  router.post('/logout', async (request, response) => {
    await signOut(context(), request);
    response.appendHeader(
      'set-cookie',
      setCookie(context().config, cookieName(context().config), '', 0),
    );
    response.redirect(303, '/');
  });
  return router;
}

async function toProvider(ctx: Context, request: Request, response: Response): Promise<void> {
  // Where there is no provider, the start page says how else to sign in.
  if (!ctx.config.oauth2) return response.redirect(302, '/');
  const own = `${ctx.config.app.debug ? 'http' : 'https'}://${request.headers.host}`;
  const { url, attempt } = await beginLogin(ctx.config, ctx.parts.providers, own);
  response.appendHeader(
    'set-cookie',
    attemptCookie(ctx.config, sealAttempt(ctx.config, attempt), ATTEMPT_SECONDS),
  );
  response.redirect(302, url);
}

async function fromProvider(ctx: Context, request: Request, response: Response): Promise<void> {
  const { config } = ctx;
  const sealed = parseCookie(request.headers.cookie ?? '')[attemptName(config)];
  response.appendHeader('set-cookie', attemptCookie(config, '', 0));
  try {
    const query = request.url.slice(request.path.length);
    const claims = await finishLogin(
      config,
      ctx.parts.providers,
      openAttempt(config, sealed),
      query,
    );
    signIn(config, response, await providerSignIn(ctx, claims));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    ctx.log.warn({ err: error }, 'a sign-in was refused');
    // The start page has the words for each reason, and offers to try again.
    response.redirect(302, `/?signin=${error.details.reason ?? 'failed'}`);
  }
}

const attemptName = (config: Config): string => `${cookieName(config)}-login`;

const attemptCookie = (config: Config, value: string, maxAge: number): string =>
  setCookie(config, attemptName(config), value, maxAge);

/** Hands the session's token to the browser, and the browser to the chat. */
function signIn(config: Config, response: Response, token: string): void {
  response.appendHeader(
    'set-cookie',
    setCookie(config, cookieName(config), signedToken(config, token), COOKIE_SECONDS),
  );
  response.redirect(302, '/');
}

async function signOut(ctx: Context, request: Request): Promise<void> {
  if (!isSameOrigin(request.headers)) fail('FORBIDDEN', 'Sign out on the page of this Lumen.');
  const actor = await authenticate(ctx, { ...credentialsOf(request.headers), authorization: null });
  if (actor?.session) await closeSession(ctx, actor.session);
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
