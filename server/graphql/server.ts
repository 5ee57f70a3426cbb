/** GraphQL over HTTP. */
import { ApolloServer, type GraphQLRequestListener } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLError, GraphQLFormattedError, OperationDefinitionNode } from 'graphql';
import type { Logger } from 'pino';
import { Failure, fail } from '../kernel/failure.ts';
import type { Api, OperationContext } from './api.ts';
import { documentProblems } from './document-problems.ts';
import { asGraphQLError, publicError } from './errors.ts';
import { type KeyUse, useKey } from './idempotency.ts';
import { DOCUMENT_TOKENS_MAX } from './limits.ts';
import { countOutcome } from './operation.ts';

export async function openGraphql(api: Api, log: Logger): Promise<ApolloServer<OperationContext>> {
  const server = new ApolloServer<OperationContext>({
    schema: api.schema,
    // One validation for all transports, of which this is one: `documentProblems`.
    dangerouslyDisableValidation: true,
    introspection: true,
    persistedQueries: false,
    parseOptions: { maxTokens: DOCUMENT_TOKENS_MAX },
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError: asOurs,
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      // It looks at each field of each result, and nothing of ours is ever kept by a cache in between.
      ApolloServerPluginCacheControlDisabled(),
      { requestDidStart: async () => listener(api, log) },
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

function listener(api: Api, log: Logger): GraphQLRequestListener<OperationContext> {
  let use: KeyUse | null = null;
  let problems: readonly GraphQLError[] = [];
  return {
    didResolveOperation: async (request) => {
      const { contextValue, document } = request;
      problems = documentProblems(api, contextValue, document, request.request);
      if (problems[0]) throw withStatus(problems[0]);
      try {
        refuseSubscription(request.operation);
        use = await useKey(request);
      } catch (error) {
        throw error instanceof Failure ? asGraphQLError(error) : error;
      }
    },
    responseForOperation: async () => use?.repeated ?? null,
    willSendResponse: async (request) => {
      // Apollo knows the first problem alone.
      const errors = problems.length > 0 ? problems : request.errors;
      await translateErrors(request, errors, log);
      countOutcome(
        api,
        request.document ? { ...request.request, document: request.document } : null,
        errors,
      );
      await use?.keep(request.response.body);
    },
  };
}

/** The first problem decides on the status of the answer. */
function withStatus(problem: GraphQLError): GraphQLError {
  const failure = problem.originalError;
  return asGraphQLError(
    failure instanceof Failure ? failure : new Failure('INVALID', problem.message),
  );
}

/** Without an event a subscription would be run as a query, which makes no sense of it. */
function refuseSubscription(operation: OperationDefinitionNode | undefined): void {
  if (operation?.operation === 'subscription')
    fail('INVALID', 'Subscriptions are served on the WebSocket at /graphql.');
}

interface Answered {
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
  { contextValue, response }: Answered,
  errors: readonly unknown[] | undefined,
  log: Logger,
): Promise<void> {
  if (!errors || !response.body.singleResult) return;
  const { requestId = crypto.randomUUID(), log: own = log } = contextValue;
  const told = errors.map((error) => publicError(error, own, requestId));
  response.body.singleResult.errors = told;
  const waits = told.map(({ extensions }) => Number(extensions?.retryAfterSeconds ?? 0));
  if (Math.max(...waits) > 0) response.http.headers.set('retry-after', `${Math.max(...waits)}`);
}
