/** What a request that fails before or beside GraphQL is told. */
import type { ErrorRequestHandler } from 'express';
import type { Logger } from 'pino';
import { databaseFailure } from '../db/database-failure.ts';
import { Failure } from '../kernel/failure.ts';
import { requestIdOf } from './request-id.ts';

/** In the shape that clients of GraphQL read as well. */
export function errorHandler(log: Logger): ErrorRequestHandler {
  return (error, _request, response, _next) => {
    const failure = refusal(error, log, requestIdOf(response));
    if (response.headersSent) return void response.destroy();
    const { code, message, details } = failure;
    const { reason, retryAfterSeconds } = details;
    if (retryAfterSeconds !== undefined) response.set('retry-after', `${retryAfterSeconds}`);
    const extensions = { code, ...(reason === undefined ? {} : { reason }) };
    response.status(failure.httpStatus).json({ errors: [{ message, extensions }] });
  };
}

/** What we can't explain is in the log under the request's id. */
export function refusal(error: unknown, log: Logger, requestId: string): Failure {
  const failure = asFailure(error, requestId);
  log[failure.code === 'INTERNAL' ? 'error' : 'info'](
    { err: error, request: requestId },
    'a request was refused',
  );
  return failure;
}

export function asFailure(error: unknown, requestId: string): Failure {
  if (error instanceof Failure) return error;
  const status = (error as { status?: unknown }).status;
  if (status === 413) return new Failure('TOO_LARGE', 'The request is too large.');
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new Failure('INVALID', 'The request is malformed: send one JSON object in UTF-8.', {
      status,
    });
  }
  return databaseFailure(error) ?? new Failure('INTERNAL', `Something went wrong (${requestId}).`);
}
