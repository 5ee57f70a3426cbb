/** Every way in which Lumen refuses, in one table: transports translate these codes and invent none. */
export const FAILURES = {
  UNAUTHENTICATED: {
    http: 401,
    openaiType: 'authentication_error',
    openaiCode: 'invalid_api_key',
    retryable: false,
  },
  FORBIDDEN: {
    http: 403,
    openaiType: 'permission_error',
    openaiCode: 'forbidden',
    retryable: false,
  },
  NOT_FOUND: {
    http: 404,
    openaiType: 'invalid_request_error',
    openaiCode: 'not_found',
    retryable: false,
  },
  INVALID: {
    http: 400,
    openaiType: 'invalid_request_error',
    openaiCode: 'invalid_request',
    retryable: false,
  },
  CONFLICT: {
    http: 409,
    openaiType: 'invalid_request_error',
    openaiCode: 'conflict',
    retryable: false,
  },
  TOO_LARGE: {
    http: 413,
    openaiType: 'invalid_request_error',
    openaiCode: 'request_too_large',
    retryable: false,
  },
  ACKNOWLEDGEMENT_NEEDED: {
    http: 403,
    openaiType: 'permission_error',
    openaiCode: 'acknowledgement_required',
    retryable: false,
  },
  BUDGET_SPENT: {
    http: 429,
    openaiType: 'insufficient_quota',
    openaiCode: 'insufficient_quota',
    retryable: false,
  },
  RATE_LIMITED: {
    http: 429,
    openaiType: 'rate_limit_error',
    openaiCode: 'rate_limit_exceeded',
    retryable: true,
  },
  MODEL_UNAVAILABLE: {
    http: 503,
    openaiType: 'server_error',
    openaiCode: 'model_unavailable',
    retryable: true,
  },
  UPSTREAM_REFUSED: {
    http: 400,
    openaiType: 'invalid_request_error',
    openaiCode: 'upstream_refused',
    retryable: false,
  },
  UPSTREAM_FAILED: {
    http: 502,
    openaiType: 'api_error',
    openaiCode: 'upstream_failed',
    retryable: true,
  },
  INTERNAL: { http: 500, openaiType: 'api_error', openaiCode: 'internal_error', retryable: true },
} as const;

export type FailureCode = keyof typeof FAILURES;

/**
 * What a `Failure` may tell its reader besides the message. `reason` is a finer code in snake case
 * (`model_not_found`), `status` the HTTP status that a model server answered with (UPSTREAM_REFUSED only),
 * `retryAfterSeconds` and `refillAt` say when trying again makes sense.
 */
export interface FailureDetails {
  readonly reason?: string;
  readonly param?: string;
  readonly status?: number;
  readonly retryAfterSeconds?: number;
  readonly refillAt?: Date | undefined;
  readonly [name: string]: unknown;
}

/**
 * A refusal that its cause may read: the message is fit for the person who caused it, `cause` is for the log only.
 * Thrown by entities and use-cases, caught nowhere in between, translated once per transport.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: FailureCode;
  readonly details: FailureDetails;

  constructor(
    code: FailureCode,
    message: string,
    details: FailureDetails = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.code = code;
    this.details = details;
  }

  get httpStatus(): number {
    return this.details.status ?? FAILURES[this.code].http;
  }
}

/** Refuses: throws a `Failure`, so it can stand where a value is missing (`found ?? fail(…)`). */
export function fail(
  code: FailureCode,
  message: string,
  details?: FailureDetails,
  cause?: unknown,
): never {
  throw new Failure(code, message, details, cause === undefined ? undefined : { cause });
}
