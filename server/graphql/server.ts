/** GraphQL over HTTP. */
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Context } from '../context.ts';
import { Failure } from '../kernel/failure.ts';
import { asGraphQLError, publicError } from './errors.ts';

/** A document beyond this is refused before it is understood. */
export const DOCUMENT_TOKENS_MAX = 4_000;

export interface OperationContext extends Context {
  readonly requestId: string;
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
          didResolveOperation: async ({ operation }) => refuseSubscription(operation?.operation),
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

interface Answered {
  readonly errors?: readonly unknown[] | undefined;
  readonly contextValue: Partial<OperationContext>;
  readonly response: {
    readonly body: {
      readonly kind: string;
      readonly singleResult?: { errors?: readonly object[] };
    };
  };
}

async function translateErrors(
  { errors, contextValue, response }: Answered,
  log: Logger,
): Promise<void> {
  if (!errors || !response.body.singleResult) return;
  const { requestId = crypto.randomUUID(), log: own = log } = contextValue;
  response.body.singleResult.errors = errors.map((error) => publicError(error, own, requestId));
}
