/** What is wrong with a document, for whoever sends it: asked by every transport before it runs anything. */
import {
  type ASTVisitor,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  type ValidationContext,
  validate,
} from 'graphql';
import type { Actor, Context } from '../context.ts';
import { Failure } from '../kernel/failure.ts';
import type { Api } from './api.ts';
import { type Asked, limitRules, withPageSizes } from './limits.ts';
import { needScopesFor } from './operation-scopes.ts';

type Asker = Pick<Context, 'actor' | 'config'>;

/** More would help nobody, and each costs time. */
const PROBLEMS_MAX = 20;
const SHOWN = { maxErrors: PROBLEMS_MAX, hideSuggestions: true };

/** Documents that are valid, as long as their transport keeps them. */
const valid = new WeakSet<DocumentNode>();

/** Empty when it may run. The page's own may; a stranger that asks too much is not looked at further. */
export function documentProblems(
  { schema, trusted }: Pick<Api, 'schema' | 'trusted'>,
  asker: Asker,
  document: DocumentNode,
  asked: Asked,
): readonly GraphQLError[] {
  if (!trusted.has(document)) {
    const refusals = refusalsOf(schema, asker, document, asked);
    if (refusals.length > 0) return refusals;
    if (isBoundToPage(asker)) return [NOT_TRUSTED];
  }
  if (!valid.has(document)) {
    const problems = validate(schema, document, undefined, SHOWN);
    if (problems.length > 0) return problems;
    valid.add(document);
  }
  return scopeProblems(asker.actor, document, asked);
}

function refusalsOf(
  schema: GraphQLSchema,
  { actor, config }: Asker,
  document: DocumentNode,
  asked: Asked,
): readonly GraphQLError[] {
  const rules = limitRules(config.graphql);
  if (!mayIntrospect(config.graphql.introspection, actor)) rules.push(noIntrospection);
  return validate(schema, withPageSizes(schema, document, asked), rules, SHOWN);
}

/** Scripts and administrators, who have GraphiQL, may always write operations of their own. */
const isBoundToPage = ({ actor, config }: Asker): boolean =>
  config.graphql.persistedOnly && !actor?.isAdmin && !actor?.apiKeyId;

function mayIntrospect(
  who: 'administrators' | 'everyone' | 'nobody',
  actor: Actor | null,
): boolean {
  return who === 'everyone' || (who === 'administrators' && actor?.isAdmin === true);
}

const noIntrospection = (context: ValidationContext): ASTVisitor => ({
  Field: ({ name }) => {
    if (name.value === '__schema' || name.value === '__type') context.reportError(NO_INTROSPECTION);
  },
});

const refused = (message: string, reason: string): GraphQLError =>
  new GraphQLError(message, { originalError: new Failure('FORBIDDEN', message, { reason }) });

const NO_INTROSPECTION = refused(
  'The schema can’t be asked for here. It is the file schema.graphql of Lumen’s source.',
  'introspection_off',
);
const NOT_TRUSTED = refused(
  'Browsers may send only the operations of Lumen’s own page here. Reload the page; in a script, use an API key.',
  'persisted_only',
);

function scopeProblems(
  actor: Actor | null,
  document: DocumentNode,
  { operationName }: Asked,
): readonly GraphQLError[] {
  const operation = getOperationAST(document, operationName);
  try {
    if (operation) needScopesFor(actor, operation);
    return [];
  } catch (error) {
    return [new GraphQLError('refused', { originalError: error as Error })];
  }
}
