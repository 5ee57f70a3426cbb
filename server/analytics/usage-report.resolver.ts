import { Arg, Ctx, FieldResolver, Float, Int, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.ts';
import type { Page } from '../kernel/page.ts';
import type { UsageSums } from '../usage/usage-sums.ts';
import { type EndpointErrors, endpointErrors } from './endpoint-errors.ts';
import { groupsCsv } from './groups-csv.ts';
import { type PeopleBucket, peopleGrowth } from './people-growth.ts';
import { type AccountUsage, type GroupUsage, usageByAccount, usageByGroup } from './spenders.ts';
import {
  type KeyUsage,
  type ModelUsage,
  type SourceUsage,
  type UsageBucket,
  usageByKey,
  usageByModel,
  usageBySource,
  usageHeatmap,
  usageInAll,
  usageOverTime,
} from './usage-figures.ts';
import { UsageFilterInput } from './usage-filter.type.ts';
import { type UsageReport, usageReport } from './usage-report.ts';
import {
  AccountUsagePageType,
  EndpointErrorsType,
  GroupUsageType,
  KeyUsageType,
  ModelUsageType,
  PeopleBucketType,
  SourceUsageType,
  UsageBucketType,
  UsageReportType,
  UsageSumsType,
} from './usage-report.type.ts';

@Resolver(() => UsageReportType)
export class UsageReportResolver {
  @Query(() => UsageReportType, {
    description: 'What was used, exact to now: your own, a project’s, or anybody’s.',
  })
  usage(
    @Arg('filter', () => UsageFilterInput, { nullable: true, description: 'Left out, your week.' })
    filter: UsageFilterInput | null,
    @Ctx() ctx: Context,
  ): Promise<UsageReport> {
    return usageReport(ctx, filter ?? {});
  }

  @FieldResolver(() => UsageSumsType, { description: 'All together.' })
  totals(@Root() report: UsageReport, @Ctx() ctx: Context): Promise<UsageSums> {
    return usageInAll(ctx, report);
  }

  @FieldResolver(() => [UsageBucketType], {
    description: 'By time, with the stretches in which nothing was used.',
  })
  overTime(@Root() report: UsageReport, @Ctx() ctx: Context): Promise<readonly UsageBucket[]> {
    return usageOverTime(ctx, report);
  }

  @FieldResolver(() => [ModelUsageType], { description: 'By model, the most used first.' })
  byModel(@Root() report: UsageReport, @Ctx() ctx: Context): Promise<readonly ModelUsage[]> {
    return usageByModel(ctx, report);
  }

  @FieldResolver(() => [SourceUsageType], { description: 'By door: the chat, API keys.' })
  bySource(@Root() report: UsageReport, @Ctx() ctx: Context): Promise<readonly SourceUsage[]> {
    return usageBySource(ctx, report);
  }

  @FieldResolver(() => [KeyUsageType], {
    description:
      'By API key, the most expensive first, up to 500 of them; empty unless one account is asked for.',
  })
  byKey(@Root() report: UsageReport, @Ctx() ctx: Context): Promise<readonly KeyUsage[]> {
    return usageByKey(ctx, report);
  }

  @FieldResolver(() => [[Float]], {
    description: 'Requests by weekday, from Monday on, and by hour of the day, from midnight on.',
  })
  heatmap(
    @Root() report: UsageReport,
    @Ctx() ctx: Context,
  ): Promise<readonly (readonly number[])[]> {
    return usageHeatmap(ctx, report);
  }

  @FieldResolver(() => AccountUsagePageType, {
    description: 'For administrators: by account, the most expensive first.',
  })
  byAccount(
    @Root() report: UsageReport,
    @Arg('first', () => Int, { defaultValue: 20, description: 'How many, up to 200.' })
    first: number,
    @Arg('after', () => String, { nullable: true, description: 'The `next` of the page before.' })
    after: string | null,
    @Ctx() ctx: Context,
  ): Promise<Page<AccountUsage>> {
    return usageByAccount(ctx, report, { first, after: after ?? null });
  }

  @FieldResolver(() => [GroupUsageType], {
    description:
      'For administrators: by the groups that accounts are in now, the most expensive first. One in two groups counts in both.',
  })
  byGroup(@Root() report: UsageReport, @Ctx() ctx: Context): Promise<readonly GroupUsage[]> {
    return usageByGroup(ctx, report);
  }

  @FieldResolver(() => String, {
    description: 'For administrators: `byGroup` as a table in CSV, to be saved as a file.',
  })
  async byGroupCsv(@Root() report: UsageReport, @Ctx() ctx: Context): Promise<string> {
    return groupsCsv(await usageByGroup(ctx, report));
  }

  @FieldResolver(() => [EndpointErrorsType], {
    description:
      'For administrators: where and how everybody’s requests failed, whatever else than time and model is filtered.',
  })
  endpointErrors(
    @Root() report: UsageReport,
    @Ctx() ctx: Context,
  ): Promise<readonly EndpointErrors[]> {
    return endpointErrors(ctx, report);
  }

  @FieldResolver(() => [PeopleBucketType], {
    description: 'For administrators: new people by time, and all of them, whatever is filtered.',
  })
  people(@Root() report: UsageReport, @Ctx() ctx: Context): Promise<readonly PeopleBucket[]> {
    return peopleGrowth(ctx, report);
  }
}
