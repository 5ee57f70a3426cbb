/** One operation of a client that keeps listening: what the socket and the event stream have in common. */
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  getOperationAST,
  type SubscriptionArgs,
  subscribe,
} from 'graphql';
import type { Context } from '../context.ts';
import { type Failure, fail } from '../kernel/failure.ts';
import type { Now } from '../sign-in/standing.ts';
import type { Api, OperationContext } from './api.ts';
import { documentProblems } from './document-problems.ts';
import { codeOf } from './errors.ts';
import type { Asked } from './limits.ts';
import { MaskedEvents } from './masked-events.ts';

/** What a client sends. */
export interface OperationPayload extends Asked {
  readonly query: string;
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
}

/** What is to be executed, or why it is refused. */
export function operationArgs(
  api: Api,
  contextValue: OperationContext,
  payload: OperationPayload,
): ExecutionArgs | readonly GraphQLError[] {
  const document = documentOf(api, payload);
  const problems =
    document instanceof GraphQLError
      ? [document]
      : documentProblems(api, contextValue, document, payload);
  if (document instanceof GraphQLError || problems.length > 0) {
    const isRead = !(document instanceof GraphQLError);
    countOutcome(api, isRead ? { ...payload, document } : null, problems);
    return problems;
  }
  return {
    schema: api.schema,
    document,
    contextValue,
    operationName: payload.operationName ?? null,
    variableValues: payload.variables ?? null,
  };
}

/** The document, or why it is none: to throw that would end the connection, and all that runs on it. */
function documentOf(
  { documents, trusted }: Api,
  payload: OperationPayload,
): DocumentNode | GraphQLError {
  try {
    return documents.read(trusted.textFor(payload) ?? payload.query);
  } catch (error) {
    return error instanceof GraphQLError
      ? error
      : new GraphQLError('no document', { originalError: error as Error });
  }
}

/** Counts an operation by its first error, if it has one. */
export function countOutcome(
  { metrics }: Api,
  args: Pick<ExecutionArgs, 'document' | 'operationName'> | null,
  errors: readonly unknown[] = [],
): void {
  const operation = args && getOperationAST(args.document, args.operationName);
  const code = errors.length > 0 ? codeOf(errors[0]) : null;
  metrics.operated({ kind: operation?.operation ?? null, code });
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
