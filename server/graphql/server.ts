/** GraphQL over HTTP. */
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import type { GraphQLFormattedError, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { Logger } from 'pino';
import type { Context } from '../context.ts';
import { Failure } from '../kernel/failure.ts';
import { asGraphQLError, publicError } from './errors.ts';
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
      {
        requestDidStart: async () => ({
          didResolveOperation: async ({ operation, contextValue }) => {
            refuseSubscription(operation?.operation);
            if (operation) refuseOtherScopes(contextValue, operation);
          },
          willSendResponse: async (request) => translateErrors(request, log),
        }),
      },
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

/** Without an event it would be run as a query, which makes no sense of it. */
function refuseSubscription(kind: string | undefined): void {
  if (kind !== 'subscription') return;
  throw asGraphQLError(
    new Failure('INVALID', 'Subscriptions are served on the WebSocket at /graphql.'),
  );
}

function refuseOtherScopes({ actor }: Context, operation: OperationDefinitionNode): void {
  try {
    needScopesFor(actor, operation);
  } catch (error) {
    throw error instanceof Failure ? asGraphQLError(error) : error;
  }
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
