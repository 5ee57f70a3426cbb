import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { ModelType } from '../access/model.type.ts';
import type { ModelView } from '../access/visible-models.ts';
import type { Account } from '../account/account.entity.ts';
import { MonthlyLimitType } from '../budget/monthly-limit.type.ts';
import { type MonthlyLimit, monthlyLimitOf } from '../budget/monthly-limits.ts';
import type { Context } from '../context.ts';
import { batched } from '../db/batched.ts';
import type { ApiKey } from '../key/api-key.entity.ts';
import { ApiKeyType } from '../key/api-key.type.ts';
import { apiKeyList } from '../key/api-key-list.ts';
import type { Project } from '../project/project.ts';
import { ProjectType } from '../project/project.type.ts';
import { SessionType } from '../sign-in/session.type.ts';
import { type Session, sessionsOf } from '../sign-in/session-list.ts';
import { usageOfAccounts } from '../usage/account-usage.ts';
import { UsageCountsType } from '../usage/usage.type.ts';
import type { UsageCounts } from '../usage/usage-totals.ts';
import { PersonType } from './person.type.ts';
import { personFacts } from './person-facts.ts';
import { groupsOfPerson, modelsOfPerson } from './person-models.ts';
import { projectsOfPeople } from './person-projects.ts';

/** What administrators see of a person: never what they wrote, and no key. */
@Resolver(() => PersonType)
export class PersonResolver {
  @FieldResolver(() => Date, {
    nullable: true,
    description: 'When a session or a key was used last, to about five minutes.',
  })
  async lastSeenAt(@Root() { id }: Account, @Ctx() ctx: Context): Promise<Date | null> {
    return (await batched(ctx, personFacts, id)).lastSeenAt;
  }

  @FieldResolver(() => Date, {
    nullable: true,
    description: 'When they asked for their account to be deleted; null when they do not.',
  })
  async deletionAskedAt(@Root() { id }: Account, @Ctx() ctx: Context): Promise<Date | null> {
    return (await batched(ctx, personFacts, id)).deletionAskedAt;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'What they said when they asked for that.',
  })
  async deletionNote(@Root() { id }: Account, @Ctx() ctx: Context): Promise<string | null> {
    return (await batched(ctx, personFacts, id)).deletionNote;
  }

  @FieldResolver(() => UsageCountsType, { description: 'All that they ever used.' })
  usage(@Root() { id }: Account, @Ctx() ctx: Context): Promise<UsageCounts> {
    return batched(ctx, usageOfAccounts, id);
  }

  @FieldResolver(() => [String], { description: 'Names of the groups that they are in.' })
  groups(@Root() { id }: Account, @Ctx() ctx: Context): Promise<readonly string[]> {
    return groupsOfPerson(ctx, id);
  }

  @FieldResolver(() => [ModelType], {
    description: 'All models, also blocked ones, as they stand for this person.',
  })
  models(@Root() { id }: Account, @Ctx() ctx: Context): Promise<readonly ModelView[]> {
    return modelsOfPerson(ctx, id);
  }

  @FieldResolver(() => [ApiKeyType], {
    description: 'Their keys, revoked ones too, the newest first; never a secret.',
  })
  apiKeys(@Root() { id }: Account, @Ctx() ctx: Context): Promise<readonly ApiKey[]> {
    return apiKeyList(ctx, id);
  }

  @FieldResolver(() => [ProjectType], {
    description: 'The projects that they manage, by name; inactive ones only where they own them.',
  })
  projects(@Root() { id }: Account, @Ctx() ctx: Context): Promise<readonly Project[]> {
    return batched(ctx, projectsOfPeople, id);
  }

  @FieldResolver(() => [SessionType], {
    description: 'Where they are signed in, the session used last first.',
  })
  sessions(@Root() { id }: Account, @Ctx() ctx: Context): Promise<readonly Session[]> {
    return sessionsOf(ctx, id);
  }

  @FieldResolver(() => MonthlyLimitType, {
    nullable: true,
    description: 'What they allow themselves in a month; null when they set no limit.',
  })
  monthlyLimit(@Root() { id }: Account, @Ctx() ctx: Context): Promise<MonthlyLimit | null> {
    return monthlyLimitOf(ctx, id);
  }
}
