/** Signing in and out: the few pages that are not GraphQL, because browsers are sent to them. */
import { stringifySetCookie } from 'cookie';
import { type Request, type Response, Router } from 'express';
import type { Config } from '../config/config.ts';
import type { Context } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import { authenticate, cookieName, credentialsOf, signedToken } from '../sign-in/credentials.ts';
import { devSignIn } from '../sign-in/dev-sign-in.ts';
import { isSameOrigin } from '../sign-in/same-origin.ts';
import { closeSession } from '../sign-in/sessions.ts';

/** Browsers forget the cookie after this long; the session itself ends a day after its last use. */
const COOKIE_SECONDS = 7 * 24 * 3600;

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
  router.post('/logout', async (request, response) => {
    await signOut(context(), request);
    response.appendHeader('set-cookie', setCookie(context().config, '', 0));
    response.redirect(303, '/');
  });
  return router;
}

/** Hands the session's token to the browser, and the browser to the chat. */
export function signIn(config: Config, response: Response, token: string): void {
  response.appendHeader(
    'set-cookie',
    setCookie(config, signedToken(config, token), COOKIE_SECONDS),
  );
  response.redirect(302, '/');
}

async function signOut(ctx: Context, request: Request): Promise<void> {
  if (!isSameOrigin(request.headers)) fail('FORBIDDEN', 'Sign out on the page of this Lumen.');
  const actor = await authenticate(ctx, { ...credentialsOf(request.headers), authorization: null });
  if (actor?.session) await closeSession(ctx, actor.session);
}

function setCookie(config: Config, value: string, maxAge: number): string {
  return stringifySetCookie({
    name: cookieName(config),
    value,
    maxAge,
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: !config.app.debug,
  });
}
