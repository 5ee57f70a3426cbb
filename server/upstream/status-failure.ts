/** What a status other than success means for the person who asked. */
import type { EndpointConfig } from '../config/config.ts';
import { Failure, type FailureDetails } from '../kernel/failure.ts';
import { cleaned, refusalMessage } from './refusal-message.ts';
import { upstreamFailure } from './upstream-failure.ts';

/** What of an endpoint must not be told. */
type Guarded = Pick<EndpointConfig, 'url' | 'apiKey'>;

const REQUEST_AT_FAULT = new Set([400, 404, 409, 413, 415, 422, 429]);
const RETRY_AFTER_SECONDS_MAX = 24 * 3600;

/**
 * @param retryAfter the header's text, if there was one
 * @param body as much of the body as was read, possibly nothing
 */
export function statusFailure(
  endpoint: Guarded,
  status: number,
  retryAfter: string | undefined,
  body: string,
): Failure {
  const secrets = secretsOf(endpoint);
  const cause = new Error(`the model's server answered ${status}: ${cleaned(body, secrets)}`);
  if (status === 401 || status === 403) return upstreamFailure('refused_credentials', cause);
  if (!REQUEST_AT_FAULT.has(status)) return upstreamFailure('failed', cause);
  const seconds = retryAfterSeconds(retryAfter, Date.now());
  const details: FailureDetails =
    seconds === null ? { status } : { status, retryAfterSeconds: seconds };
  const message = refusalMessage(body, secrets) ?? wordsFor(status);
  return new Failure('UPSTREAM_REFUSED', message, details, { cause });
}

/** Whole seconds from now, at most a day; null when the header says nothing that can be understood. */
export function retryAfterSeconds(header: string | undefined, nowMs: number): number | null {
  if (!header) return null;
  const seconds = /^\d+$/.test(header.trim())
    ? Number(header)
    : Math.ceil((Date.parse(header) - nowMs) / 1000);
  return Number.isNaN(seconds) ? null : Math.min(Math.max(seconds, 0), RETRY_AFTER_SECONDS_MAX);
}

function wordsFor(status: number): string {
  return status === 429
    ? "The model's server is busy. Please try again later."
    : "The model's server refused the request.";
}

/** Short words are left alone: a host called `ai` would tear every message apart. */
function secretsOf(endpoint: Guarded): readonly string[] {
  const { hostname } = new URL(endpoint.url);
  const host = /[.\d-]/.test(hostname) ? hostname : '';
  return [endpoint.apiKey, host].filter((secret) => secret.length >= 4);
}
