// Sends the name of an operation instead of its text: the server that built the page knows them all.
import { type Exchange, makeOperation, type Operation, type OperationResult } from '@urql/core';
import { filter, makeSubject, map, merge, pipe } from 'wonka';

/** Not while the page is developed, nor by a server of another version, which is sent texts from then on. */
let areNamesKnown = !import.meta.env.DEV;

export const byName: Exchange =
  ({ forward }) =>
  (operations) => {
    const again = makeSubject<Operation>();
    return pipe(
      merge([pipe(operations, map(named)), again.source]),
      forward,
      filter((result) => {
        if (!isUnknown(result)) return true;
        areNamesKnown = false;
        const { extensions: _, ...operation } = result.operation;
        again.next(makeOperation(operation.kind, operation, operation.context));
        return false;
      }),
    );
  };

function named(operation: Operation): Operation {
  const { documentId } = operation.query as { readonly documentId?: string };
  const isAnsweredOnce = operation.kind === 'query' || operation.kind === 'mutation';
  if (!areNamesKnown || !documentId || !isAnsweredOnce) return operation;
  const extensions = { persistedQuery: { version: 1 as const, sha256Hash: documentId } };
  return makeOperation(operation.kind, { ...operation, extensions }, operation.context);
}

const isUnknown = ({ error }: OperationResult): boolean =>
  error?.graphQLErrors[0]?.extensions.reason === 'persisted_query_not_found';
