/** The API's schema: the one place that knows every resolver. */
import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import { GraphQLDateTime } from 'graphql-scalars';
import { buildSchemaSync, type NonEmptyArray } from 'type-graphql';
import { AvailabilityResolver } from '../access/availability.resolver.ts';
import { ModelResolver } from '../access/model.resolver.ts';
import { SiteResolver } from '../account/site.resolver.ts';
import { ViewerResolver } from '../account/viewer.resolver.ts';
import { BudgetResolver, ProjectLimitResolver } from '../admin/budget.resolver.ts';
import { ConfigFileResolver } from '../admin/config-file.resolver.ts';
import { ConfigStatusResolver } from '../admin/config-status.resolver.ts';
import { ExplainResolver } from '../admin/explain.resolver.ts';
import { PeopleResolver } from '../admin/people.resolver.ts';
import { PersonResolver } from '../admin/person.resolver.ts';
import { StatusResolver } from '../admin/status.resolver.ts';
import { UsageReportResolver } from '../analytics/usage-report.resolver.ts';
import { AuditResolver } from '../audit/audit.resolver.ts';
import { MonthlyLimitResolver } from '../budget/monthly-limit.resolver.ts';
import { PoolResolver } from '../budget/pool.resolver.ts';
import { ConversationResolver } from '../chat/conversation.resolver.ts';
import { EventsResolver, PoolChangedResolver } from '../chat/events.resolver.ts';
import { FolderResolver } from '../chat/folder.resolver.ts';
import { MessageResolver } from '../chat/message.resolver.ts';
import { SavedPromptResolver } from '../chat/saved-prompt.resolver.ts';
import { SearchResolver } from '../chat/search.resolver.ts';
import { TransferResolver } from '../chat/transfer.resolver.ts';
import { GroupResolver } from '../group/group.resolver.ts';
import { GroupImportResolver } from '../group/import.resolver.ts';
import { PoolPolicyResolver } from '../group/pool-policy.resolver.ts';
import { ViewerGroupsResolver } from '../group/viewer-groups.resolver.ts';
import { ApiKeyResolver } from '../key/api-key.resolver.ts';
import { EndpointResolver } from '../model/endpoint.resolver.ts';
import { PersonalDataResolver } from '../personal-data/personal-data.resolver.ts';
import { ChangeProjectResolver } from '../project/change-project.resolver.ts';
import { ProjectResolver } from '../project/project.resolver.ts';
import { SessionResolver } from '../sign-in/session.resolver.ts';
import { ThemeResolver } from '../theme/theme.resolver.ts';
import { UploadResolver, UploadRulesResolver } from '../upload/upload.resolver.ts';
import { RecentRequestsResolver } from '../usage/recent-requests.resolver.ts';
import { ApiKeyUsageResolver, UsageResolver } from '../usage/usage.resolver.ts';

const resolvers: NonEmptyArray<new () => object> = [
  ApiKeyResolver,
  ApiKeyUsageResolver,
  ChangeProjectResolver,
  AuditResolver,
  AvailabilityResolver,
  BudgetResolver,
  ConfigFileResolver,
  ConfigStatusResolver,
  ConversationResolver,
  EndpointResolver,
  EventsResolver,
  ExplainResolver,
  FolderResolver,
  GroupImportResolver,
  GroupResolver,
  MessageResolver,
  ModelResolver,
  MonthlyLimitResolver,
  PeopleResolver,
  PersonResolver,
  PersonalDataResolver,
  PoolChangedResolver,
  PoolPolicyResolver,
  PoolResolver,
  ProjectLimitResolver,
  ProjectResolver,
  RecentRequestsResolver,
  SavedPromptResolver,
  SearchResolver,
  SessionResolver,
  SiteResolver,
  StatusResolver,
  ThemeResolver,
  UsageReportResolver,
  TransferResolver,
  UploadResolver,
  UploadRulesResolver,
  UsageResolver,
  ViewerGroupsResolver,
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
