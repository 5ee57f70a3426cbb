/** What a request that fails before or beside GraphQL is told. */
import type { ServerResponse } from 'node:http';
import type { ErrorRequestHandler } from 'express';
import type { Logger } from 'pino';
import { unexplained } from '../db/database-failure.ts';
import { Failure } from '../kernel/failure.ts';
import { requestIdOf } from './request-id.ts';

/** In the shape that clients of GraphQL read as well. */
export function errorHandler(log: Logger): ErrorRequestHandler {
  return (error, _request, response, _next) => {
    const failure = refusal(error, log, response);
    if (response.headersSent) return void response.destroy();
    const { code, message, details } = failure;
    const { reason, retryAfterSeconds } = details;
    if (retryAfterSeconds !== undefined) response.set('retry-after', `${retryAfterSeconds}`);
    const extensions = { code, ...(reason === undefined ? {} : { reason }) };
    response.status(failure.httpStatus).json({ errors: [{ message, extensions }] });
  };
}

const refusals = new WeakMap<ServerResponse, object>();

/** What the line of the request in the log says of why it was refused. */
export const refusalOf = (response: ServerResponse): object => refusals.get(response) ?? {};

/** What is our fault is in the log under the request's id, whether or not requests are logged. */
export function refusal(error: unknown, log: Logger, response: ServerResponse): Failure {
  const request = requestIdOf(response);
  const failure = asFailure(error, request);
  const { code, details, httpStatus } = failure;
  const isOurs = !(error instanceof Failure) && httpStatus >= 500;
  if (isOurs) log.error({ err: error, request }, 'a request broke');
  refusals.set(response, { code, reason: details.reason, ...(isOurs ? {} : causeOf(error)) });
  return failure;
}

/** Of what could not be read only the kind, such as `entity.parse.failed`: the error itself quotes what people wrote. */
const causeOf = (error: unknown): object =>
  error instanceof Failure ? { err: error.cause } : { fault: (error as { type?: unknown }).type };

export function asFailure(error: unknown, requestId: string): Failure {
  if (error instanceof Failure) return error;
  const status = (error as { status?: unknown }).status;
  if (status === 413) return new Failure('TOO_LARGE', 'The request is too large.');
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new Failure('INVALID', 'The request is malformed: send one JSON object in UTF-8.', {
      status,
    });
  }
  return unexplained(error, requestId);
}
