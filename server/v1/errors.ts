/** From what was thrown to OpenAI's error object: the one translation of this transport. */
import type { ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { unexplained } from '../db/database-failure.ts';
import { FAILURES, Failure, type FailureDetails } from '../kernel/failure.ts';

export interface WireError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: {
    readonly error: { message: string; type: string; param: string | null; code: string };
  };
}

/** @param requestId is shown with what we can't explain, so that an operator finds it in the log */
export function wireError(error: unknown, log: Logger, requestId: string): WireError {
  if (error instanceof Failure) return wireFailure(error);
  log.error({ err: error, request: requestId }, 'a request broke');
  return wireFailure(unexplained(error, requestId));
}

function wireFailure(failure: Failure): WireError {
  // A model server that is busy is to an SDK what a busy Lumen is: it waits, and tries again.
  const code = failure.details.status === 429 ? 'RATE_LIMITED' : failure.code;
  const { openaiType, openaiCode } = FAILURES[code];
  const { param = null, reason = openaiCode } = failure.details;
  // A key that is known, but stands for nobody any more.
  const type = reason === 'account_disabled' ? FAILURES.UNAUTHENTICATED.openaiType : openaiType;
  const headers: Record<string, string> = {};
  // Official SDKs try again after 429 unless told that it is no use.
  if (failure.code === 'BUDGET_SPENT') headers['x-should-retry'] = 'false';
  const wait = secondsToWait(failure.details);
  if (wait !== null) headers['retry-after'] = String(wait);
  if (failure.code === 'UNAUTHENTICATED') headers['www-authenticate'] = 'Bearer';
  return {
    status: failure.httpStatus,
    headers,
    body: { error: { message: failure.message, type, param, code: reason } },
  };
}

/** Whole seconds until trying again makes sense, by either way of saying it. */
function secondsToWait({ retryAfterSeconds, refillAt }: FailureDetails): number | null {
  if (retryAfterSeconds !== undefined) return Math.ceil(retryAfterSeconds);
  return refillAt ? Math.max(Math.ceil((refillAt.getTime() - Date.now()) / 1000), 1) : null;
}

/** An answer that has not begun, and the headers that it will carry whatever it says. */
export interface Reply {
  readonly response: ServerResponse;
  readonly headers: Record<string, string>;
}

export function sendError(reply: Reply, { status, headers, body }: WireError): void {
  sendJson(reply, status, JSON.stringify(body), headers);
}

export function sendJson(
  reply: Reply,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  sendText(reply, status, text, 'application/json; charset=utf-8', headers);
}

export function sendText(
  reply: Reply,
  status: number,
  text: string,
  contentType: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  // All headers at once: Node takes several times as long when it is told them one by one.
  reply.response.writeHead(status, {
    ...reply.headers,
    'content-type': contentType,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...headers,
  });
  reply.response.end(text);
}
