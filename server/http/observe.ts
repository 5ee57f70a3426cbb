/** What is counted and logged of each request when it was answered. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Answering } from '../v1/routes.ts';
import { refusalOf } from './refusal.ts';

export interface Observers {
  readonly metrics: Metrics;
  readonly log: Logger;
  config(): Config;
}

/** As nginx calls it when a client leaves before there is an answer. */
const CLIENT_LEFT = 499;
const METHODS = new Set(['GET', 'HEAD', 'POST', 'OPTIONS']);
/** Asked for by machines every few seconds, or by the dozen with each page. */
const QUIET = new Set(['/healthz', '/readyz', '/metrics', '/_app/{file}', '/graphiql/{file}']);

export function observe(
  { metrics, log, config }: Observers,
  request: IncomingMessage,
  response: ServerResponse,
  { route, requestId, noted }: Answering & { readonly route: string },
): void {
  const startedMs = performance.now();
  response.once('close', async () => {
    const seconds = (performance.now() - startedMs) / 1000;
    const status = response.headersSent ? response.statusCode : CLIENT_LEFT;
    const method = methodOf(request);
    metrics.answered({ method, route, status, seconds });
    if (!config().logs.access) return;
    const durationMs = Math.round(seconds * 1000);
    const known = { request: requestId, method, route, status, durationMs };
    // What `/v1` has noted is nobody else's any more.
    const line = Object.assign((await noted) ?? { ...refusalOf(response) }, known);
    log[QUIET.has(route) ? 'debug' : 'info'](line, 'request');
  });
}

const methodOf = ({ method = '' }: IncomingMessage): string =>
  METHODS.has(method) ? method : 'OTHER';
