/** From what was thrown to what a client of GraphQL reads: the one translation of this transport. */
import { HeaderMap } from '@apollo/server';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { Failure } from '../kernel/failure.ts';

/** @param requestId is shown with what we can't explain, so that an operator finds it in the log */
export function publicError(error: unknown, log: Logger, requestId: string): GraphQLFormattedError {
  const place =
    error instanceof GraphQLError ? { path: error.path, locations: error.locations } : {};
  const cause = rootCause(error);
  if (cause instanceof Failure) return { ...told(cause, log), ...defined(place) };
  // What GraphQL itself finds while it executes has a path, and is our fault; before that, the asker's.
  if (cause instanceof GraphQLError && !cause.path) {
    return { message: cause.message, extensions: { code: 'INVALID' }, ...defined(place) };
  }
  log.error({ err: cause, request: requestId }, 'an operation broke');
  return {
    message: `Something went wrong (${requestId}).`,
    extensions: { code: 'INTERNAL' },
    ...defined(place),
  };
}

/** For a failure before the operation: it has a status of its own. */
export function asGraphQLError(failure: Failure): GraphQLError {
  const { message, code, details, httpStatus: status } = failure;
  const { retryAfterSeconds } = details;
  const headers = new HeaderMap();
  if (retryAfterSeconds !== undefined) headers.set('retry-after', `${retryAfterSeconds}`);
  return new GraphQLError(message, {
    originalError: failure,
    extensions: { code, ...details, http: { status, headers } },
  });
}

function told(failure: Failure, log: Logger): GraphQLFormattedError {
  log.info({ code: failure.code, err: failure.cause }, failure.message);
  return { message: failure.message, extensions: { code: failure.code, ...failure.details } };
}

function rootCause(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError
    ? rootCause(error.originalError)
    : error;
}

const defined = (place: Pick<GraphQLError, 'path' | 'locations'> | object): object =>
  Object.fromEntries(Object.entries(place).filter(([, value]) => value !== undefined));
