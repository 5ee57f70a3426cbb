// Requests without urql, which is not there yet.
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { OperationDefinitionNode } from 'graphql';

export function post(request: object): Promise<Response> {
  return fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
}

/** Sends the name of a query instead of its text, as `byName` does. */
export function postNamed<Variables>(
  document: TypedDocumentNode<unknown, Variables> & { readonly documentId?: string },
  variables: Variables,
): Promise<Response> {
  const [operation] = document.definitions as OperationDefinitionNode[];
  const extensions = { persistedQuery: { version: 1, sha256Hash: document.documentId } };
  return post({ operationName: operation?.name?.value, variables, extensions });
}
