/** The one HTTP server: `/v1` first, everything else through Express, sockets on `/graphql`, event streams beside it. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import express, { type Express } from 'express';
import type { Context } from '../context.ts';
import type { GraphqlSocket } from '../graphql/socket.ts';
import { restarting } from '../kernel/closing.ts';
import { fail } from '../kernel/failure.ts';
import { newId } from '../kernel/id.ts';
import type { Tracing } from '../metrics/tracing.ts';
import { type Answering, V1 } from '../v1/routes.ts';
import { clientFiles } from './client-files.ts';
import { graphiqlPage } from './graphiql.ts';
import { type GraphqlDoors, graphqlRoutes } from './graphql-routes.ts';
import { securityHeaders } from './headers.ts';
import { readiness } from './health.ts';
import { metricsRoutes } from './metrics-routes.ts';
import { type Observers, observe } from './observe.ts';
import { olderPaths } from './older-paths.ts';
import { personalDataRoutes } from './personal-data-routes.ts';
import { errorHandler } from './refusal.ts';
import { REQUEST_ID } from './request-id.ts';
import { routeOf } from './route.ts';
import { sessionRoutes } from './session-routes.ts';
import { siteRoutes } from './site-routes.ts';
import { uploadRoutes } from './upload-routes.ts';

export interface HttpDoors extends Observers, GraphqlDoors {
  readonly v1: V1;
  readonly socket: GraphqlSocket;
  /** A context in which nobody is signed in. */
  context(): Context;
  readonly tracing: Tracing | null;
  configWarnings(): readonly string[];
}

export function openServer(doors: HttpDoors): Server {
  const app = expressApp(doors, () => server.listening);
  // Read once: a running process keeps its `app.debug`, and no request should make a context for it.
  const isPlain = doors.context().config.app.debug;
  const headers = securityHeaders(isPlain);
  const answer = (request: IncomingMessage, response: ServerResponse): Answering => {
    if (V1.isFor(request.url ?? '')) return doors.v1.answer(request, response, headers);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const requestId = newId();
    response.setHeader(REQUEST_ID, requestId);
    app(request, response);
    return { requestId };
  };
  const server = createServer((request, response) => {
    const route = routeOf(request.url ?? '');
    const work = () => {
      const answering = answer(request, response);
      observe(doors, request, response, { route, ...answering });
      return answering.requestId;
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

function expressApp(doors: HttpDoors, isOpen: () => boolean): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use((_request, response, next) => {
    if (isOpen()) return next();
    response.set('connection', 'close');
    throw restarting();
  });
  app.get('/healthz', (_request, response) => void response.type('text').send('ok'));
  app.get('/readyz', async ({ headers }, response) => {
    const warnings = doors.configWarnings();
    const state = await readiness(doors.context(), warnings, headers.authorization);
    response.status(state.ready ? 200 : 503).json(state);
  });
  app.use(metricsRoutes(doors.context));
  app.use(sessionRoutes(doors.context));
  app.use(siteRoutes(doors.context));
  app.use(personalDataRoutes(doors));
  app.use(graphqlRoutes(doors));
  app.use(graphiqlPage(doors.contextFor));
  app.use(uploadRoutes(doors));
  app.use(olderPaths());
  app.use(clientFiles());
  app.use((request) =>
    fail('NOT_FOUND', `There is no ${request.method} ${request.path.slice(0, 200)}.`),
  );
  app.use(errorHandler(doors.log));
  return app;
}
