/** GraphQL over server-sent events, for where a proxy lets no WebSocket through: one request, one operation. */
import type { ServerResponse } from 'node:http';
import {
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLError,
  getOperationAST,
} from 'graphql';
import type { RequestParams } from 'graphql-sse';
import { createHandler } from 'graphql-sse/lib/use/express';
import { Failure, fail } from '../kernel/failure.ts';
import { spendOperation } from '../rate/spend.ts';
import { type Credentials, credentialsOf } from '../sign-in/credentials.ts';
import type { Api, OperationContext } from './api.ts';
import { asGraphQLError, publicError } from './errors.ts';
import type { MaskedEvents } from './masked-events.ts';
import { countOutcome, operationArgs, subscribeMasked, watchActor } from './operation.ts';
import { PacedEvents } from './paced-events.ts';

export interface EventStreamDoor {
  readonly api: Api;
  /** @throws Failure when the credentials open nothing */
  contextFor(credentials: Credentials, requestId: string): Promise<OperationContext>;
}

type Handler = ReturnType<typeof createHandler>;
type Operated = PacedEvents | ExecutionResult;

/** Answers a request whose body is parsed already. @throws Failure before anything was answered */
export function openEventStream(
  { api, contextFor }: EventStreamDoor,
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
        operate({ api, ctx, response, revoked: revoked.signal }, payload),
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
  readonly api: Api;
  readonly ctx: OperationContext;
  readonly response: ServerResponse;
  readonly revoked: AbortSignal;
}

async function operate(
  { api, ctx, response, revoked }: Operation,
  payload: RequestParams,
): Promise<Operated> {
  const args = operationArgs(api, ctx, payload);
  if (!('document' in args)) return { data: null, errors: args };
  const result = await begin(args, response.req.headers['idempotency-key'] !== undefined);
  countOutcome(api, args, 'errors' in result ? result.errors : []);
  return Symbol.asyncIterator in result ? new PacedEvents(result, response, revoked) : result;
}

async function begin(
  args: ExecutionArgs,
  hasKey: boolean,
): Promise<MaskedEvents | ExecutionResult> {
  const kind = getOperationAST(args.document, args.operationName)?.operation;
  if (kind === 'mutation' && hasKey) return { data: null, errors: [keyRefusal()] };
  // What has no data, such as a variable of the wrong type, would not count as an answer there.
  if (kind !== 'subscription') return { data: null, ...(await execute(args)) };
  const events = await subscribeMasked(args);
  return Symbol.asyncIterator in events ? events : { data: null, ...events };
}

/** To run the mutation without looking at its key would be a promise broken in silence. */
const keyRefusal = (): GraphQLError =>
  asGraphQLError(
    new Failure('INVALID', 'Send mutations with an Idempotency-Key to /graphql.', {
      param: 'Idempotency-Key',
    }),
  );
