/** One operation of a client that keeps listening: what the socket and the event stream have in common. */
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  parse,
  type SubscriptionArgs,
  subscribe,
  validate,
} from 'graphql';
import type { Context } from '../context.ts';
import { type Failure, fail } from '../kernel/failure.ts';
import type { Now } from '../sign-in/standing.ts';
import { MaskedEvents } from './masked-events.ts';
import { needScopesFor } from './operation-scopes.ts';
import { DOCUMENT_TOKENS_MAX, type OperationContext } from './server.ts';

/** What a client sends. */
export interface OperationPayload {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
}

/** What is to be executed, or why it is refused. */
export function operationArgs(
  schema: GraphQLSchema,
  contextValue: OperationContext,
  { query, operationName, variables }: OperationPayload,
): ExecutionArgs | readonly GraphQLError[] {
  const document = parsed(query);
  if (document instanceof GraphQLError) return [document];
  const problems = validate(schema, document);
  if (problems.length > 0) return problems;
  const refusal = scopeRefusal(contextValue, document, operationName);
  if (refusal) return [refusal];
  return {
    schema,
    document,
    contextValue,
    operationName: operationName ?? null,
    variableValues: variables ?? null,
  };
}

/** The document, or why it is none: to throw that would end the connection, and all that runs on it. */
function parsed(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query, { maxTokens: DOCUMENT_TOKENS_MAX });
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

function scopeRefusal(
  { actor }: OperationContext,
  document: DocumentNode,
  name: string | null | undefined,
): GraphQLError | null {
  const operation = getOperationAST(document, name);
  try {
    if (operation) needScopesFor(actor, operation);
    return null;
  } catch (error) {
    return new GraphQLError('refused', { originalError: error as Error });
  }
}

export async function subscribeMasked(
  args: SubscriptionArgs,
): Promise<MaskedEvents | ExecutionResult> {
  const events = await subscribe(args);
  return Symbol.asyncIterator in events ? new MaskedEvents(events) : events;
}

/** Calls `end`, once, when whoever is connected may not be any more. Gives what ends the watch. */
export function watchActor(
  { actor, config, parts }: Context,
  end: (reason: Failure) => void,
): () => void {
  if (!actor) return () => undefined;
  const condition = actor.isAdmin ? { condition: mustBeAdministrator } : {};
  return parts.revocations.watch({ actor, config, ...condition }, end);
}

const mustBeAdministrator = ({ config, actor: { email } }: Now): unknown =>
  (email !== null && config.admins.has(email)) ||
  fail('FORBIDDEN', 'You are no longer an administrator. Connect again.', {
    reason: 'access_revoked',
  });
