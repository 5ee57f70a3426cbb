/** The one HTTP server: `/v1` first, everything else through Express, sockets on `/graphql`, event streams beside it. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Context } from '../context.ts';
import { asGraphQLError } from '../graphql/errors.ts';
import { type EventStreamDoor, openEventStream } from '../graphql/event-stream.ts';
import type { OperationContext } from '../graphql/server.ts';
import type { GraphqlSocket } from '../graphql/socket.ts';
import { Failure, fail } from '../kernel/failure.ts';
import { newId } from '../kernel/id.ts';
import type { Tracing } from '../metrics/tracing.ts';
import { spendOperation } from '../rate/spend.ts';
import { credentialsOf } from '../sign-in/credentials.ts';
import { isSameOrigin } from '../sign-in/same-origin.ts';
import { V1 } from '../v1/routes.ts';
import { clientFiles } from './client-files.ts';
import { securityHeaders } from './headers.ts';
import { readiness } from './health.ts';
import { metricsRoutes } from './metrics-routes.ts';
import { type Observers, observe } from './observe.ts';
import { olderPaths } from './older-paths.ts';
import { routeOf } from './route.ts';
import { sessionRoutes } from './session-routes.ts';

export interface HttpDoors extends Observers, EventStreamDoor {
  readonly v1: V1;
  readonly graphql: ApolloServer<OperationContext>;
  readonly socket: GraphqlSocket;
  /** A context in which nobody is signed in. */
  context(): Context;
  readonly tracing: Tracing | null;
  configWarnings(): readonly string[];
}

/** Room for the longest message and its escapes; beyond it a body is refused unread. */
const GRAPHQL_BODY = '4mb';
const REQUEST_ID = 'x-request-id';

export function openServer(doors: HttpDoors): Server {
  const app = expressApp(doors);
  // Read once: a running process keeps its `app.debug`, and no request should make a context for it.
  const isPlain = doors.context().config.app.debug;
  const headers = securityHeaders(isPlain);
  const answer = (request: IncomingMessage, response: ServerResponse): string => {
    if (V1.isFor(request.url ?? '')) return doors.v1.answer(request, response, headers);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const requestId = newId();
    response.setHeader(REQUEST_ID, requestId);
    app(request, response);
    return requestId;
  };
  const server = createServer((request, response) => {
    const route = routeOf(request.url ?? '');
    const work = () => {
      const requestId = answer(request, response);
      observe(doors, request, response, { route, requestId });
      return requestId;
    };
    if (doors.tracing) doors.tracing.request(request, response, route, work);
    else work();
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    if ((request.url ?? '').split('?', 1)[0] === '/graphql')
      doors.socket.upgrade(request, socket, head);
    else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
  // A client that never finishes its headers or its body is let go.
  server.headersTimeout = 20_000;
  server.requestTimeout = 120_000;
  return server;
}

function expressApp(doors: HttpDoors): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.get('/healthz', (_request, response) => void response.type('text').send('ok'));
  app.get('/readyz', async (_request, response) => {
    const state = await readiness(doors.context(), doors.configWarnings());
    response
      .status(state.ready ? 200 : 503)
      .set('cache-control', 'no-store')
      .json(state);
  });
  app.use(metricsRoutes(doors.context));
  app.use(sessionRoutes(doors.context));
  app.all('/graphql', ...operationGuards(), graphqlHandler(doors));
  app.all('/graphql/stream', ...operationGuards(), openEventStream(doors, requestIdOf));
  app.use(olderPaths());
  app.use(clientFiles());
  app.use((request) =>
    fail('NOT_FOUND', `There is no ${request.method} ${request.path.slice(0, 200)}.`),
  );
  app.use(errorHandler(doors.log));
  return app;
}

/** What holds of every operation that comes as a request, whatever answers it. */
function operationGuards(): RequestHandler[] {
  const guard: RequestHandler = (request, response, next) => {
    response.set('cache-control', 'no-store');
    if (request.method !== 'POST') {
      response.set('allow', 'POST');
      fail('INVALID', 'Send GraphQL operations by POST, with the content type application/json.', {
        status: 405,
      });
    }
    if (!isSameOrigin(request.headers))
      fail('FORBIDDEN', 'Browsers may use this API from its own pages only.');
    next();
  };
  return [guard, express.json({ limit: GRAPHQL_BODY, verify: onlyUtf8 })];
}

function graphqlHandler(doors: HttpDoors): RequestHandler {
  const middleware = expressMiddleware(doors.graphql, {
    context: async ({ req, res }) => {
      try {
        const ctx = await doors.contextFor(credentialsOf(req), requestIdOf(res));
        await spendOperation(ctx, (header, value) => res.set(header, value));
        return ctx;
      } catch (error) {
        throw asGraphQLError(refusal(error, doors.log, requestIdOf(res)));
      }
    },
  });
  return middleware as RequestHandler;
}

const requestIdOf = (response: ServerResponse): string => String(response.getHeader(REQUEST_ID));

/** The parser would take any Unicode encoding, among them some that other programs on the way read differently. */
function onlyUtf8(_request: unknown, _response: unknown, _body: Buffer, encoding: string): void {
  if (encoding !== 'utf-8') fail('INVALID', 'Send JSON in UTF-8.', { status: 415 });
}

/** Failures outside GraphQL's own answers, in the shape that its clients read as well. */
function errorHandler(log: Logger): ErrorRequestHandler {
  return (error, _request, response, _next) => {
    const failure = refusal(error, log, requestIdOf(response));
    if (response.headersSent) return void response.destroy();
    const { code, message, details } = failure;
    if (details.retryAfterSeconds !== undefined)
      response.set('retry-after', `${details.retryAfterSeconds}`);
    response.status(failure.httpStatus).json({ errors: [{ message, extensions: { code } }] });
  };
}

/** What a request that fails before or beside GraphQL is told; what we can't explain is in the log under its id. */
function refusal(error: unknown, log: Logger, requestId: string): Failure {
  const failure = asFailure(error, requestId);
  log[failure.code === 'INTERNAL' ? 'error' : 'info'](
    { err: error, request: requestId },
    'a request was refused',
  );
  return failure;
}

function asFailure(error: unknown, requestId: string): Failure {
  if (error instanceof Failure) return error;
  const status = (error as { status?: unknown }).status;
  if (status === 413) return new Failure('TOO_LARGE', 'The request is too large.');
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new Failure('INVALID', 'The request is malformed: send one JSON object in UTF-8.', {
      status,
    });
  }
  return new Failure('INTERNAL', `Something went wrong (${requestId}).`);
}
