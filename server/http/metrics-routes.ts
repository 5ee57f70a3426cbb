/** What Prometheus reads, and what an operator reads when something hangs; both behind one token. */
import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { Context } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import { showsToken } from '../kernel/secret.ts';
import { diagnosis } from '../metrics/diagnosis.ts';
import { clientAddress } from '../rate/client-address.ts';
import { spendFailedKey } from '../rate/spend.ts';
import { credentialsOf } from '../sign-in/credentials.ts';

export function metricsRoutes(context: () => Context): Router {
  const router = Router();
  router.get('/metrics', guarded(context, sendMetrics));
  router.get('/metrics/debug', guarded(context, sendDiagnosis));
  return router;
}

type Answer = (ctx: Context, response: Response) => Promise<void>;

function guarded(context: () => Context, answer: Answer): RequestHandler {
  return async (request, response, next) => {
    const ctx = context();
    const token = ctx.config.api.metricsToken;
    // Where there is no token, there is no such page.
    if (token === null) return next();
    if (!showsToken(request.headers.authorization, token)) await refuse(ctx, request, response);
    return answer(ctx, response);
  };
}

async function refuse(ctx: Context, request: Request, response: Response): Promise<never> {
  await spendFailedKey(ctx, clientAddress(credentialsOf(request), ctx.config.app.trustedProxies));
  response.set('www-authenticate', 'Bearer realm="metrics"');
  return fail('UNAUTHENTICATED', 'Send api.prometheus.token as "Authorization: Bearer …".');
}

async function sendMetrics(ctx: Context, response: Response): Promise<void> {
  const { metrics } = ctx.parts;
  await metrics.gauges.measure(ctx);
  response.set('content-type', metrics.contentType).send(await metrics.text());
}

async function sendDiagnosis(ctx: Context, response: Response): Promise<void> {
  response.type('text').send(await diagnosis(ctx));
}
