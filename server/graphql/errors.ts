/** From what was thrown to what a client of GraphQL reads: the one translation of this transport. */
import { HeaderMap } from '@apollo/server';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { unexplained } from '../db/database-failure.ts';
import { Failure, type FailureCode } from '../kernel/failure.ts';
import { DOCUMENT_TOKENS_MAX } from './limits.ts';

/** @param requestId is shown with what we can't explain, so that an operator finds it in the log */
export function publicError(error: unknown, log: Logger, requestId: string): GraphQLFormattedError {
  const place =
    error instanceof GraphQLError ? { path: error.path, locations: error.locations } : {};
  const cause = rootCause(error);
  if (cause instanceof Failure) return { ...told(cause, log), ...defined(place) };
  const fault = faultOfDocument(error, cause);
  if (fault) return { ...fault, ...defined(place) };
  log.error({ err: cause, request: requestId }, 'an operation broke');
  return { ...worded(unexplained(cause, requestId)), ...defined(place) };
}

/** The code under which it is told. */
export function codeOf(error: unknown): FailureCode {
  const cause = rootCause(error);
  if (cause instanceof Failure) return cause.code;
  return faultOfDocument(error, cause) ? 'INVALID' : 'INTERNAL';
}

/** What GraphQL itself finds while it executes has a path, and is our fault; before that, the asker's. */
function faultOfDocument(error: unknown, cause: unknown): GraphQLFormattedError | null {
  if (!(error instanceof GraphQLError && cause instanceof Error) || error.path) return null;
  if (TOO_MUCH_TO_PARSE.test(cause.message))
    return { message: TOO_LONG, extensions: { code: 'INVALID', reason: 'token_limit' } };
  if (!(cause instanceof GraphQLError) || cause.path) return null;
  return { message: cause.message.replace(SUGGESTION, ''), extensions: { code: 'INVALID' } };
}

/** Brackets in brackets use the stack up before their tokens are counted to the end. */
const TOO_MUCH_TO_PARSE = /tokens\. Parsing aborted|^Maximum call stack size exceeded/;
const TOO_LONG = `A document has up to ${DOCUMENT_TOKENS_MAX} tokens. Pass values as variables, and make several operations of it.`;
/** Guessing names must not read a schema that can't be asked for. */
const SUGGESTION = / Did you mean .*\?$/s;

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
  return worded(failure);
}

const worded = ({ message, code, details }: Failure): GraphQLFormattedError => ({
  message,
  extensions: { code, ...details },
});

function rootCause(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError
    ? rootCause(error.originalError)
    : error;
}

const defined = (place: Pick<GraphQLError, 'path' | 'locations'> | object): object =>
  Object.fromEntries(Object.entries(place).filter(([, value]) => value !== undefined));
