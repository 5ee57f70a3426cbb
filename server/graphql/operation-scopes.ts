/** What a key needs for an operation, by the fields at its root: the same for HTTP and the socket. */
import { Kind, type OperationDefinitionNode, OperationTypeNode, type SelectionNode } from 'graphql';
import type { Actor, Scope } from '../context.ts';
import { needScope } from '../key/scopes.ts';

/** @throws Failure FORBIDDEN when the key has too few scopes */
export function needScopesFor(actor: Actor | null, operation: OperationDefinitionNode): void {
  for (const root of operation.selectionSet.selections)
    needScope(actor, 'graphql', ...narrower(operation.operation, root));
}

/** Scopes besides `graphql` that are enough. What hides in a fragment is not looked for. */
function narrower(kind: OperationTypeNode, root: SelectionNode): readonly Scope[] {
  if (kind === OperationTypeNode.MUTATION) return isField(root, ...CHATTING) ? ['chat'] : [];
  if (kind !== OperationTypeNode.QUERY) return [];
  return isUsage(root) ? ['graphql:read', 'usage'] : ['graphql:read'];
}

/** Mutations that have a model answer; and who may upload what a message brings may think better of it. */
const CHATTING = [
  'sendMessage',
  'editMessage',
  'regenerateAnswer',
  'continueAnswer',
  'deleteUpload',
];
const USAGE_FIELDS = ['__typename', 'id', 'usage'];

/** Whose usage `usage` may tell such a key is decided where the account is known (analytics/usage-scope.ts). */
const isUsage = (root: SelectionNode): boolean =>
  isField(root, 'usage', 'viewer', '__typename') &&
  (root.name.value !== 'viewer' ||
    (root.selectionSet?.selections ?? []).every((field) => isField(field, ...USAGE_FIELDS)));

const isField = (
  node: SelectionNode,
  ...names: readonly string[]
): node is Extract<SelectionNode, { kind: Kind.FIELD }> =>
  node.kind === Kind.FIELD && names.includes(node.name.value);
