/**
 * The OpenAI-compatible door. It is a plain request handler in front of Express, which would cost each request more
 * than all that Lumen does for it.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import type { ActorContext, Context } from '../context.ts';
import { signedInContext } from '../context.ts';
import { Abandoned } from '../gateway/ask.ts';
import { Bag } from '../kernel/bag.ts';
import { waitAtMost } from '../kernel/closing.ts';
import { Failure, fail } from '../kernel/failure.ts';
import { newId } from '../kernel/id.ts';
import { showsToken } from '../kernel/secret.ts';
import { needScope } from '../key/scopes.ts';
import { spendRequest } from '../rate/spend.ts';
import { type Credentials, credentialsOf } from '../sign-in/credentials.ts';
import { answerAudio } from './audio.ts';
import { answerCompletion, COMPLETION_PATHS, type Exchange } from './completions.ts';
import { sendError, sendJson, wireError } from './errors.ts';
import { listModels, oneModel } from './models.ts';
import { answerMonitoring } from './monitoring.ts';
import { withPageToAccept } from './portal-page.ts';

export interface V1Door {
  readonly log: Logger;
  config(): Config;
  /** A context in which nobody is signed in. */
  context(): Context;
  contextFor(credentials: Credentials, requestId: string): Promise<Context>;
}

/** A request that is being answered. */
export interface Answering {
  readonly requestId: string;
  /** Resolves when all of it has ended, its bill too: with what its line in the log should say. */
  readonly noted?: Promise<object>;
}

const PREFIX = '/v1';

export class V1 {
  readonly #door: V1Door;
  readonly #open = new Bag<{ readonly exchange: Exchange; readonly done: Promise<object> }>();
  #isDraining = false;

  constructor(door: V1Door) {
    this.#door = door;
  }

  static isFor(url: string): boolean {
    return url === PREFIX || url.startsWith(`${PREFIX}/`) || url.startsWith(`${PREFIX}?`);
  }

  /** @param always headers that every answer carries */
  answer(
    request: IncomingMessage,
    response: ServerResponse,
    always: Readonly<Record<string, string>>,
  ): Answering {
    const requestId = newId();
    const control = new AbortController();
    const headers = { ...always, 'x-request-id': requestId };
    response.once('close', () => {
      if (!response.writableFinished) control.abort(new Abandoned('stopped'));
    });
    const { signal } = control;
    const exchange = { request, response, headers, requestId, control, signal, noted: {} };
    const done = this.#answered(exchange, () => close());
    const close = this.#open.add({ exchange, done });
    return { requestId, noted: done };
  }

  /** Lets requests finish for so long, then ends each with an error; resolves when all are settled. */
  async drain(patienceMs: number): Promise<void> {
    this.#isDraining = true;
    const allDone = () => Promise.all(this.#open.items().map(({ done }) => done));
    await waitAtMost(patienceMs, allDone());
    for (const { exchange } of this.#open.items()) {
      const { control, request } = exchange;
      control.abort(new Abandoned('interrupted'));
      // Nobody waits for a body that may never end.
      if (!request.complete) request.destroy();
    }
    await allDone();
  }

  async #answered(exchange: Exchange, close: () => void): Promise<object> {
    try {
      await this.#route(exchange);
    } catch (error) {
      this.#refuse(exchange, error);
    } finally {
      close();
    }
    return exchange.noted;
  }

  async #route(exchange: Exchange): Promise<void> {
    const { request, headers, requestId } = exchange;
    if (this.#isDraining) {
      headers.connection = 'close';
      throw restarting();
    }
    const path = pathOf(request);
    const method =
      methodFor(path) ?? fail('NOT_FOUND', `There is no ${request.method} ${PREFIX}${path}.`);
    if (method !== request.method && !(method === 'GET' && request.method === 'HEAD'))
      return notAllowed(exchange, method);
    if (this.#showsMonitoringToken(request))
      return answerMonitoring(this.#door.context(), exchange, path);
    const ctx = await this.#signedIn(request, requestId);
    exchange.noted.account = ctx.actor.accountId;
    await spendRequest(ctx, ctx.actor, (header, value) => {
      headers[header] = value;
    });
    needScope(ctx.actor, COMPLETION_PATHS.has(path) ? 'chat' : 'models');
    if (COMPLETION_PATHS.has(path)) return this.#answer(ctx, exchange, path);
    if (path === '/models') return listModels(ctx, exchange);
    return oneModel(ctx, exchange, path.slice('/models/'.length));
  }

  /** A completion ends when its key is revoked or its account disabled. */
  async #answer(ctx: ActorContext, exchange: Exchange, path: string): Promise<void> {
    const unwatch = ctx.parts.revocations.watch(ctx, (reason) =>
      exchange.control.abort(new Abandoned('interrupted', reason)),
    );
    const answered = path.startsWith('/audio/') ? answerAudio : answerCompletion;
    try {
      await answered(ctx, exchange, path);
    } finally {
      unwatch();
    }
  }

  #showsMonitoringToken({ headers }: IncomingMessage): boolean {
    const { monitoringToken } = this.#door.config().api;
    return monitoringToken !== null && showsToken(headers.authorization, monitoringToken);
  }

  /** Cookies open nothing here: no other site can make a browser spend somebody's coins. */
  async #signedIn(request: IncomingMessage, requestId: string): Promise<ActorContext> {
    const shown = { ...credentialsOf(request), cookie: null };
    return signedInContext(await this.#door.contextFor(shown, requestId));
  }

  #refuse(exchange: Exchange, error: unknown): void {
    const { request, headers, requestId } = exchange;
    if (exchange.response.destroyed) return;
    const cause = error instanceof Abandoned ? (error.failure ?? restarting()) : error;
    const shown = withPageToAccept(cause, this.#door.config(), request);
    const told = wireError(shown, this.#door.log, requestId);
    // Not the message: a model server's may quote what it was asked.
    Object.assign(exchange.noted, { code: told.body.error.code, err: causeOf(error) });
    if (exchange.response.headersSent) {
      // What has no place for an error is broken off, so that it does not look complete.
      exchange.response.destroy();
      return;
    }
    // What the client is still sending is not read any more.
    if (!request.complete) headers.connection = 'close';
    sendError(exchange, told);
  }
}

function pathOf({ url = '' }: IncomingMessage): string {
  const query = url.indexOf('?');
  const path = url.slice(PREFIX.length, query === -1 ? undefined : query);
  try {
    return path.includes('%') ? decodeURIComponent(path) : path;
  } catch {
    return path;
  }
}

function methodFor(path: string): 'GET' | 'POST' | null {
  if (COMPLETION_PATHS.has(path)) return 'POST';
  return path === '/models' || path.startsWith('/models/') ? 'GET' : null;
}

function notAllowed(exchange: Exchange, allowed: string): void {
  const error = {
    message: `Use ${allowed} here.`,
    type: 'invalid_request_error',
    param: null,
    code: 'method_not_allowed',
  };
  sendJson(exchange, 405, JSON.stringify({ error }), { allow: allowed });
}

const restarting = (): Failure =>
  new Failure('MODEL_UNAVAILABLE', 'The server is being restarted. Please try again.');

const causeOf = (error: unknown): unknown => (error instanceof Error ? error.cause : undefined);
