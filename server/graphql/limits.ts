/** How much one operation may ask, counted before anything slower looks at it. */
import { costLimitRule } from '@escape.tech/graphql-armor-cost-limit';
import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLArgument,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  TypeInfo,
  type ValidationContext,
  type ValidationRule,
  type ValueNode,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Config } from '../config/config.ts';
import { Failure } from '../kernel/failure.ts';

/** A document beyond this is refused before it is understood: the largest of the page has 200, and rules are quadratic. */
export const DOCUMENT_TOKENS_MAX = 1_000;

/** The argument that says how many nodes of a page are wanted. */
const PAGE_SIZE = 'first';

export function limitRules(limits: Config['graphql']): ValidationRule[] {
  const { depthMax, aliasesMax, directivesMax, costMax } = limits;
  return [
    maxDepthRule({
      flattenFragments: true,
      ...within(depthMax, {
        reason: 'depth_limit',
        message: `An operation has up to ${depthMax} levels of fields. Ask for the inner ones in an operation of their own.`,
      }),
    }),
    maxAliasesRule(
      within(aliasesMax, {
        reason: 'alias_limit',
        message: `An operation has up to ${aliasesMax} aliases. Make several operations of it.`,
      }),
    ),
    maxDirectivesRule(
      within(directivesMax, {
        reason: 'directive_limit',
        message: `An operation has up to ${directivesMax} directives. Leave out what you don’t want.`,
      }),
    ),
    costLimitRule({
      ...{ flattenFragments: true, objectCost: 1, scalarCost: 1, depthCostFactor: 1 },
      ...within(costMax, {
        reason: 'cost_limit',
        message: `An operation asks for up to ${costMax} fields, those of a page counted once for each of its nodes. Ask for smaller pages (first) or fewer fields.`,
      }),
      maxCost: costMax,
    }),
  ];
}

interface Refusal {
  readonly reason: string;
  readonly message: string;
}

/** Reported as any other problem of the document; by themselves the rules would throw, and end the validation. */
const within = (limit: number, { reason, message }: Refusal) => ({
  n: limit,
  propagateOnRejection: false,
  onReject: [
    (context: ValidationContext | null) => {
      const originalError = new Failure('INVALID', message, { reason, limit });
      context?.reportError(new GraphQLError(message, { originalError }));
    },
  ],
});

/**
 * The document with the size of each page written out: what a variable says, or the schema where nothing does. The
 * rule of the cost reads literals alone, and a number must not be free because it stands elsewhere.
 */
export function withPageSizes(
  schema: GraphQLSchema,
  document: DocumentNode,
  { operationName, variables }: Asked,
): DocumentNode {
  const operation = getOperationAST(document, operationName);
  const sizeIn = (node: ValueNode): unknown => {
    if (node.kind !== Kind.VARIABLE) return node.kind === Kind.INT ? node.value : null;
    const { name } = node;
    const preset = operation?.variableDefinitions?.find(
      (each) => each.variable.name.value === name.value,
    );
    return variables?.[name.value] ?? (preset?.defaultValue && sizeIn(preset.defaultValue));
  };
  const types = new TypeInfo(schema);
  return visit(
    document,
    visitWithTypeInfo(types, {
      Field: (field) => {
        const size = types.getFieldDef()?.args.find(({ name }) => name === PAGE_SIZE);
        return size && sized(field, size, sizeIn);
      },
    }),
  );
}

/** What comes with a document. */
export interface Asked {
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

function sized(
  field: FieldNode,
  { defaultValue }: GraphQLArgument,
  sizeIn: (node: ValueNode) => unknown,
): FieldNode {
  const others = field.arguments?.filter(({ name }) => name.value !== PAGE_SIZE) ?? [];
  const given = field.arguments?.find(({ name }) => name.value === PAGE_SIZE);
  const size = Number((given && sizeIn(given.value)) ?? defaultValue);
  if (!Number.isInteger(size) || size < 1) return field;
  return {
    ...field,
    arguments: [
      {
        kind: Kind.ARGUMENT,
        name: { kind: Kind.NAME, value: PAGE_SIZE },
        value: { kind: Kind.INT, value: String(size) },
      },
      ...others,
    ],
  };
}
