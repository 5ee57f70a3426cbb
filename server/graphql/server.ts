/** GraphQL over HTTP. */
import { ApolloServer, type GraphQLRequestListener } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import type { GraphQLFormattedError, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { Logger } from 'pino';
import type { Context } from '../context.ts';
import { Failure, fail } from '../kernel/failure.ts';
import { asGraphQLError, publicError } from './errors.ts';
import { type KeyUse, useKey } from './idempotency.ts';
import { needScopesFor } from './operation-scopes.ts';

/** A document beyond this is refused before it is understood. */
export const DOCUMENT_TOKENS_MAX = 4_000;

export interface OperationContext extends Context {
  readonly requestId: string;
  /** Where it came from. */
  readonly address: string;
}

export async function openGraphql(
  schema: GraphQLSchema,
  log: Logger,
): Promise<ApolloServer<OperationContext>> {
  const server = new ApolloServer<OperationContext>({
    schema,
    introspection: true,
    parseOptions: { maxTokens: DOCUMENT_TOKENS_MAX },
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError: asOurs,
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      { requestDidStart: async () => listener(log) },
    ],
  });
  await server.start();
  return server;
}

/** What Apollo refuses before it knows an operation has a code of Apollo's own. */
const asOurs = (error: GraphQLFormattedError): GraphQLFormattedError =>
  error.extensions?.code === 'BAD_REQUEST'
    ? { ...error, extensions: { ...error.extensions, code: 'INVALID' } }
    : error;

function listener(log: Logger): GraphQLRequestListener<OperationContext> {
  let use: KeyUse | null = null;
  return {
    didResolveOperation: async (request) => {
      try {
        if (!request.operation) return;
        admit(request.contextValue, request.operation);
        use = await useKey(request);
      } catch (error) {
        throw error instanceof Failure ? asGraphQLError(error) : error;
      }
    },
    responseForOperation: async () => use?.repeated ?? null,
    willSendResponse: async (request) => {
      await translateErrors(request, log);
      await use?.keep(request.response.body);
    },
  };
}

/** Without an event a subscription would be run as a query, which makes no sense of it. */
function admit({ actor }: Context, operation: OperationDefinitionNode): void {
  if (operation.operation === 'subscription')
    fail('INVALID', 'Subscriptions are served on the WebSocket at /graphql.');
  needScopesFor(actor, operation);
}

interface Answered {
  readonly errors?: readonly unknown[] | undefined;
  readonly contextValue: Partial<OperationContext>;
  readonly response: {
    readonly http: { readonly headers: { set(name: string, value: string): unknown } };
    readonly body: {
      readonly kind: string;
      readonly singleResult?: { errors?: readonly GraphQLFormattedError[] };
    };
  };
}

async function translateErrors(
  { errors, contextValue, response }: Answered,
  log: Logger,
): Promise<void> {
  if (!errors || !response.body.singleResult) return;
  const { requestId = crypto.randomUUID(), log: own = log } = contextValue;
  const told = errors.map((error) => publicError(error, own, requestId));
  response.body.singleResult.errors = told;
  const waits = told.map(({ extensions }) => Number(extensions?.retryAfterSeconds ?? 0));
  if (Math.max(...waits) > 0) response.http.headers.set('retry-after', `${Math.max(...waits)}`);
}
