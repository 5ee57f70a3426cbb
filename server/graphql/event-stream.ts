/** GraphQL over server-sent events, for where a proxy lets no WebSocket through: one request, one operation. */
import type { ServerResponse } from 'node:http';
import {
  type ExecutionResult,
  execute,
  type GraphQLError,
  type GraphQLSchema,
  getOperationAST,
} from 'graphql';
import type { RequestParams } from 'graphql-sse';
import { createHandler } from 'graphql-sse/lib/use/express';
import { Failure, fail } from '../kernel/failure.ts';
import { spendOperation } from '../rate/spend.ts';
import { type Credentials, credentialsOf } from '../sign-in/credentials.ts';
import { asGraphQLError, publicError } from './errors.ts';
import { operationArgs, subscribeMasked, watchActor } from './operation.ts';
import { PacedEvents } from './paced-events.ts';
import type { OperationContext } from './server.ts';

export interface EventStreamDoor {
  readonly schema: GraphQLSchema;
  /** @throws Failure when the credentials open nothing */
  contextFor(credentials: Credentials, requestId: string): Promise<OperationContext>;
}

type Handler = ReturnType<typeof createHandler>;
type Operated = PacedEvents | ExecutionResult;

/** Answers a request whose body is parsed already. @throws Failure before anything was answered */
export function openEventStream(
  { schema, contextFor }: EventStreamDoor,
  requestIdOf: (response: ServerResponse) => string,
): Handler {
  return async (request, response) => {
    if (request.headers.accept !== 'text/event-stream')
      fail('INVALID', 'Send "accept: text/event-stream".', { status: 406 });
    const ctx = await contextFor(credentialsOf(request), requestIdOf(response));
    await spendOperation(ctx, (header, value) => response.set(header, value));
    // Who left while the credentials were looked at will not leave again.
    if (response.destroyed) return;
    const revoked = new AbortController();
    response.once(
      'close',
      watchActor(ctx, (reason) => revoked.abort(reason)),
    );
    // Else a proxy would keep the events until there are some kilobytes of them.
    response.set('x-accel-buffering', 'no');
    const handler = createHandler({
      authenticate: () => null,
      onSubscribe: (_request, payload) =>
        operate({ schema, ctx, response, revoked: revoked.signal }, payload),
      onNext: (_ctx, _request, { errors, ...result }) =>
        errors && {
          ...result,
          errors: errors.map((error) => publicError(error, ctx.log, ctx.requestId) as GraphQLError),
        },
    });
    await handler(request, response);
  };
}

interface Operation {
  readonly schema: GraphQLSchema;
  readonly ctx: OperationContext;
  readonly response: ServerResponse;
  readonly revoked: AbortSignal;
}

async function operate(
  { schema, ctx, response, revoked }: Operation,
  payload: RequestParams,
): Promise<Operated> {
  const args = operationArgs(schema, ctx, payload);
  if (!('document' in args)) return { data: null, errors: args };
  const operation = getOperationAST(args.document, args.operationName);
  if (operation?.operation === 'mutation' && response.req.headers['idempotency-key'] !== undefined)
    return { data: null, errors: [keyRefusal()] };
  if (operation?.operation !== 'subscription') return execute(args);
  const events = await subscribeMasked(args);
  return Symbol.asyncIterator in events
    ? new PacedEvents(events, response, revoked)
    : { data: null, ...events };
}

/** To run the mutation without looking at its key would be a promise broken in silence. */
const keyRefusal = (): GraphQLError =>
  asGraphQLError(
    new Failure('INVALID', 'Send mutations with an Idempotency-Key to /graphql.', {
      param: 'Idempotency-Key',
    }),
  );
