/** The API's schema: the one place that knows every resolver. */
import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import { GraphQLDateTime } from 'graphql-scalars';
import { buildSchemaSync, type NonEmptyArray } from 'type-graphql';
import { ModelResolver } from '../access/model.resolver.ts';
import { SiteResolver } from '../account/site.resolver.ts';
import { ViewerResolver } from '../account/viewer.resolver.ts';
import { PoolResolver } from '../budget/pool.resolver.ts';
import { ConversationResolver } from '../chat/conversation.resolver.ts';
import {
  EventsResolver,
  ModelsChangedResolver,
  PoolChangedResolver,
} from '../chat/events.resolver.ts';
import { MessageResolver } from '../chat/message.resolver.ts';
import { ApiKeyResolver } from '../key/api-key.resolver.ts';
import { ApiKeyUsageResolver, UsageResolver } from '../usage/usage.resolver.ts';

const resolvers: NonEmptyArray<new () => object> = [
  ApiKeyResolver,
  ApiKeyUsageResolver,
  ConversationResolver,
  EventsResolver,
  MessageResolver,
  ModelResolver,
  ModelsChangedResolver,
  PoolChangedResolver,
  PoolResolver,
  SiteResolver,
  UsageResolver,
  ViewerResolver,
];

/** Subscriptions bring their own iterables; TypeGraphQL wants a hub all the same. */
const unused = (): never => {
  throw new Error('subscriptions follow the live bus');
};

export function buildApiSchema(): GraphQLSchema {
  return buildSchemaSync({
    resolvers,
    validate: false,
    scalarsMap: [{ type: Date, scalar: GraphQLDateTime }],
    pubSub: { publish: unused, subscribe: unused },
  });
}
