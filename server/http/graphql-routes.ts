/** GraphQL as requests: what holds of each before it is an operation, whatever answers it. */
import type { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import express, { type ErrorRequestHandler, type RequestHandler, Router } from 'express';
import type { Logger } from 'pino';
import type { Api, OperationContext } from '../graphql/api.ts';
import { asGraphQLError } from '../graphql/errors.ts';
import { type EventStreamDoor, openEventStream } from '../graphql/event-stream.ts';
import { fail } from '../kernel/failure.ts';
import { spendOperation } from '../rate/spend.ts';
import { credentialsOf } from '../sign-in/credentials.ts';
import { isSameOrigin } from '../sign-in/same-origin.ts';
import { asFailure, refusal } from './refusal.ts';
import { requestIdOf } from './request-id.ts';

export interface GraphqlDoors extends EventStreamDoor {
  readonly log: Logger;
  readonly graphql: ApolloServer<OperationContext>;
}

/** Room for the longest message and its escapes; beyond it a body is refused unread. */
const BODY = '4mb';

export function graphqlRoutes(doors: GraphqlDoors): Router {
  const guards = [guard, express.json({ limit: BODY, verify: onlyUtf8 }), textOfName(doors.api)];
  const router = Router();
  router.all('/graphql', ...guards, answerOnce(doors));
  router.all('/graphql/stream', ...guards, openEventStream(doors, requestIdOf));
  router.use(countRefusal(doors.api));
  return router;
}

const guard: RequestHandler = (request, response, next) => {
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

/** The parser would take any Unicode encoding, among them some that other programs on the way read differently. */
function onlyUtf8(_request: unknown, _response: unknown, _body: Buffer, encoding: string): void {
  if (encoding !== 'utf-8') fail('INVALID', 'Send JSON in UTF-8.', { status: 415 });
}

/** From here on, an operation that came by its name is one that came by its text. */
function textOfName({ trusted }: Api): RequestHandler {
  return (request, _response, next) => {
    const { body } = request;
    // Whoever sends the text as well is answered by it: a name is of use where there is no text.
    if (body?.extensions?.persistedQuery)
      request.body = { ...body, query: trusted.textFor(body) ?? body.query, extensions: null };
    next();
  };
}

function answerOnce({ api, graphql, contextFor, log }: GraphqlDoors): RequestHandler {
  const middleware = expressMiddleware(graphql, {
    context: async ({ req, res }) => {
      try {
        const ctx = await contextFor(credentialsOf(req), requestIdOf(res));
        await spendOperation(ctx, (header, value) => res.set(header, value));
        return ctx;
      } catch (error) {
        const failure = refusal(error, log, res);
        api.metrics.operated({ kind: null, code: failure.code });
        throw asGraphQLError(failure);
      }
    },
  });
  return middleware as RequestHandler;
}

function countRefusal({ metrics }: Api): ErrorRequestHandler {
  return (error, _request, response, next) => {
    metrics.operated({ kind: null, code: asFailure(error, requestIdOf(response)).code });
    next(error);
  };
}
